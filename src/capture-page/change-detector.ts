/**
 * Says whether a frame shows anything else than the one before, colour included: a lamp that turns from red to green may be as bright as
 * it was. Dropping the others saves about half of the encoder's work and of the bytes on an office screen
 * (scripts/bench/recorder.mjs). The comparison runs for every frame, so it has to be cheap.
 */
export class ChangeDetector {
  #previous: Int32Array<ArrayBuffer> | undefined;
  #spare: Int32Array<ArrayBuffer> | undefined;

  async hasChanged(frame: VideoFrame): Promise<boolean> {
    if (frame.format === null) return true;
    const length = Math.ceil(frame.allocationSize() / BYTES_PER_WORD);
    const current = this.#spare?.length === length ? this.#spare : new Int32Array(length);
    try {
      await frame.copyTo(current);
    } catch {
      return true; // pixels that cannot be read, such as a texture's
    }
    const previous = this.#previous;
    if (previous?.length === length && areEqual(previous, current)) {
      this.#spare = current;
      return false;
    }
    this.#spare = previous;
    this.#previous = current;
    return true;
  }
}

const BYTES_PER_WORD = 4;
const WORDS_PER_STEP = 8;

/** Unrolled: several times as fast as word by word (V8 does not vectorise). */
function areEqual(a: Int32Array, b: Int32Array): boolean {
  const { length } = a;
  const even = length - (length % WORDS_PER_STEP);
  let index = 0;
  for (; index < even; index += WORDS_PER_STEP) {
    const difference =
      (a[index]! ^ b[index]!) |
      (a[index + 1]! ^ b[index + 1]!) |
      (a[index + 2]! ^ b[index + 2]!) |
      (a[index + 3]! ^ b[index + 3]!) |
      (a[index + 4]! ^ b[index + 4]!) |
      (a[index + 5]! ^ b[index + 5]!) |
      (a[index + 6]! ^ b[index + 6]!) |
      (a[index + 7]! ^ b[index + 7]!);
    if (difference !== 0) return false;
  }
  for (; index < length; index += 1) {
    if (a[index] !== b[index]) return false;
  }
  return true;
}
