import type { CaptureEndReason, CaptureListener, CaptureRequest, CaptureRun, ScreenCapture } from '../../src/screen/ports';
import { Emitter, type Unsubscribe } from '../../src/shared/emitter';
import type { DisplayGeometry } from '../../src/shared/display';

export class FakeCaptureRun implements CaptureRun {
  readonly mimeType = 'video/x-matroska;codecs=avc1';
  readonly startedAgoMs = 0;
  readonly displays: readonly DisplayGeometry[];
  readonly request: CaptureRequest;
  isPaused = false;
  isStopped = false;
  /** A resume waits for it: the displays take long to open. */
  resumeGate: Promise<void> = Promise.resolve();
  readonly #listener: CaptureListener;

  constructor(request: CaptureRequest, listener: CaptureListener, displays: readonly DisplayGeometry[]) {
    this.request = request;
    this.displays = displays;
    this.#listener = listener;
  }

  async pause(): Promise<void> {
    this.isPaused = true;
  }

  async resume(): Promise<void> {
    await this.resumeGate;
    if (!this.isStopped) this.isPaused = false;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
  }

  slice(bytes = new Uint8Array([1, 2, 3])): void {
    this.#listener.onSlice(bytes);
  }

  changeDisplays(): void {
    this.#listener.onDisplaysChanged();
  }

  end(reason: CaptureEndReason): void {
    this.#listener.onEnded(reason);
  }
}

/** A capture whose slices a test makes. */
export class FakeScreenCapture implements ScreenCapture {
  readonly runs: FakeCaptureRun[] = [];
  displays: readonly DisplayGeometry[] = [{ x: 0, y: 0, width: 1920, height: 1080 }];
  isWarm = false;
  /** The next starts fail with these, in order. */
  readonly failures: Error[] = [];
  /** So do the next warm-ups. */
  readonly warmFailures: Error[] = [];
  warmings = 0;
  readonly #lost = new Emitter<void>();
  /** A start waits for it. */
  startGate: Promise<void> = Promise.resolve();

  async warm(): Promise<void> {
    this.warmings += 1;
    const failure = this.warmFailures.shift();
    if (failure !== undefined) throw failure;
    this.isWarm = true;
  }

  onLost(listener: () => void): Unsubscribe {
    return this.#lost.subscribe(listener);
  }

  /** The page crashed. */
  lose(): void {
    this.isWarm = false;
    this.#lost.emit();
  }

  async cool(): Promise<void> {
    this.isWarm = false;
  }

  async start(request: CaptureRequest, listener: CaptureListener): Promise<CaptureRun> {
    await this.startGate;
    if (this.runs.some((run) => !run.isStopped)) throw new Error('two runs at a time');
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    const run = new FakeCaptureRun(request, listener, this.displays);
    this.runs.push(run);
    return run;
  }

  get last(): FakeCaptureRun {
    const run = this.runs.at(-1);
    if (run === undefined) throw new Error('nothing was started');
    return run;
  }

  /** How many runs show the screen now. */
  get showing(): number {
    return this.runs.filter((run) => !run.isStopped && !run.isPaused).length;
  }
}
