import type { CaptureListener, CaptureRequest, CaptureRun, ScreenCapture } from '../../src/screen/ports';

/** A capture that "records" given Matroska bytes: the first slice at the start, one more per `tick`, the rest at the stop. */
export class MaterialCapture implements ScreenCapture {
  readonly #slices: readonly Uint8Array[];
  #next = 0;
  #listener: CaptureListener | undefined;
  isWarm = false;
  /** The next warm-ups fail with these. */
  readonly warmFailures: Error[] = [];
  readonly requests: CaptureRequest[] = [];
  /** The encoder gives nothing. */
  isSilent = false;
  /** A stop waits for it. */
  stopGate: Promise<void> = Promise.resolve();

  constructor(slices: readonly Uint8Array[]) {
    this.#slices = slices;
  }

  async warm(): Promise<void> {
    const failure = this.warmFailures.shift();
    if (failure !== undefined) throw failure;
    this.isWarm = true;
  }

  onLost(): () => void {
    return () => undefined;
  }

  async cool(): Promise<void> {
    this.isWarm = false;
  }

  async start(request: CaptureRequest, listener: CaptureListener): Promise<CaptureRun> {
    this.requests.push(request);
    this.#listener = listener;
    this.#next = 0;
    setImmediate(() => this.tick());
    return {
      startedAgoMs: 0,
      mimeType: 'video/x-matroska;codecs=avc1',
      displays: [{ x: 0, y: 0, width: 320, height: 240 }],
      pause: () => Promise.resolve(),
      resume: () => Promise.resolve(),
      stop: async () => {
        await this.stopGate;
        while (this.#next < this.#slices.length && !this.isSilent) this.tick();
        this.#listener = undefined;
      },
    };
  }

  tick(): void {
    const slice = this.#slices[this.#next];
    if (slice === undefined || this.isSilent) return;
    this.#next += 1;
    this.#listener?.onSlice(slice);
  }
}
