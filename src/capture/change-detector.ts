/**
 * Says whether a frame shows anything else than the one before. Dropping the others saves more than half of the encoder's work and
 * of the bytes on an office screen (scripts/bench/recorder.mjs); the comparison itself costs about a millisecond a frame.
 */
export class ChangeDetector {
  #previous: Uint32Array<ArrayBuffer> | undefined;
  #spare: Uint32Array<ArrayBuffer> | undefined;

  async hasChanged(frame: VideoFrame): Promise<boolean> {
    if (frame.format === null) return true;
    const length = Math.ceil(frame.allocationSize() / 4);
    const current = this.#spare?.length === length ? this.#spare : new Uint32Array(length);
    try {
      await frame.copyTo(current);
    } catch {
      return true; // pixels that cannot be read, such as a texture's
    }
    if (this.#previous !== undefined && areEqual(this.#previous, current)) {
      this.#spare = current;
      return false;
    }
    this.#spare = this.#previous;
    this.#previous = current;
    return true;
  }
}

function areEqual(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) {
    if (a[index] !== b[index]) return false;
  }
  return true;
}
