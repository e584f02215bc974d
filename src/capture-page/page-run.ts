import type { CaptureHostBridge, CaptureFailure, PageLooked, PageStart, PageStarted } from '../shared/capture-contract';
import type { DisplaySource } from './display-source';
import { Encoder } from './encoder';
import { CaptureFault } from './fault';
import { FrameOutput } from './frame-output';
import { Looks } from './masks/looks';
import { Stillness } from './stillness';
import { blackFrame, createPicture, type Picture } from './picture';

/** A display that gives no first frame in this time will give none. */
const FIRST_FRAME_TIMEOUT_MS = 10_000;

/**
 * A still screen's frame is repeated when a slice has passed without one. Not a moment earlier: a clock that shows seconds would double
 * the encoder's work.
 */
const KEEP_ALIVE_SLACK_MS = 100;
/** The same while the displays are read less often: less than two slices, which is what a kill may cost, with the flush after it. */
const RESTING_SLICES = 1.8;
/** Repeating the last frame must not hide that the display is gone. */
const SILENCE_SLICES = 4;
/** A frame takes a few milliseconds from here into the encoder's thread, which stopping does not wait for. */
const LAST_FRAME_MS = 30;
/** The same, and the encoder's own time, before a repeated frame's slice is asked for. */
const FLUSH_AFTER_MS = 60;

/** One run of the encoder: displays → picture → encoder → slices. */
export class PageRun {
  readonly #request: PageStart;
  readonly #host: CaptureHostBridge;
  readonly #picture: Picture;
  readonly #output = new FrameOutput();
  readonly #encoder: Encoder;
  readonly #stillness: Stillness;
  readonly #looks: Looks;
  #sources: ReadonlyMap<string, DisplaySource> = new Map();
  #sequence = 0;
  #captured = 0;
  #encoded = 0;
  #isPaused = false;
  #stopping: Promise<void> | undefined;
  #keepAlive: ReturnType<typeof setTimeout> | undefined;
  #flushing: ReturnType<typeof setTimeout> | undefined;
  #isRunning = false;
  #startedAt = 0;
  #onFirstFrame: () => void = () => undefined;
  #onEarlyEnd: (fault: CaptureFault) => void = () => undefined;

  constructor(request: PageStart, host: CaptureHostBridge) {
    this.#request = request;
    this.#host = host;
    this.#picture = createPicture(request);
    this.#looks = new Looks((ask, since) => host.emit({ type: 'look', run: request.run, ask, ...(since === undefined ? {} : { since }) }));
    this.#stillness = new Stillness({
      sources: () => this.#sources.values(),
      onStill: () => host.emit({ type: 'still', run: request.run }),
    });
    this.#encoder = new Encoder(this.#output.stream, {
      videoBitsPerSecond: request.videoBitsPerSecond,
      sliceMs: request.sliceMs,
      onSlice: (bytes) => {
        host.emit({ type: 'slice', run: request.run, sequence: this.#sequence++, bytes });
        this.#tellStats();
      },
      onError: (fault) => this.#end(fault.code, fault.text),
    });
  }

  looked(answer: PageLooked): void {
    this.#looks.answered(answer);
  }

  /** The host notices the next change. */
  rest(): void {
    if (this.#stopping === undefined) this.#stillness.rest();
  }

  /** The host noticed a change. */
  wake(): void {
    this.#stillness.changed();
  }

  async start(sources: ReadonlyMap<string, DisplaySource>): Promise<PageStarted> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const firstFrame = new Promise<void>((resolve, reject) => {
      this.#onFirstFrame = resolve;
      this.#onEarlyEnd = reject;
      timer = setTimeout(() => reject(new CaptureFault('noSource', 'The display gave no picture')), FIRST_FRAME_TIMEOUT_MS);
    });
    this.#read(sources);
    try {
      await firstFrame;
    } finally {
      clearTimeout(timer);
      this.#onEarlyEnd = () => undefined;
    }
    // An encoder without frames writes nothing: a still screen must give slices too.
    this.#isRunning = true;
    this.#repeatLater();
    return { mimeType: this.#encoder.mimeType, startedAgoMs: Math.round(performance.now() - this.#startedAt) };
  }

  pause(): void {
    if (this.#isPaused || this.#stopping !== undefined) return;
    this.#isPaused = true;
    this.#closeSources();
    this.#picture.clear();
    if (this.#request.pauseMode === 'cut') this.#encoder.pause();
    else this.#write(blackFrame(this.#request.picture), performance.now());
  }

  resume(sources: ReadonlyMap<string, DisplaySource>): void {
    if (!this.#isPaused || this.#stopping !== undefined) {
      for (const source of sources.values()) source.close();
      return;
    }
    this.#isPaused = false;
    if (this.#request.pauseMode === 'cut') this.#encoder.resume();
    this.#read(sources);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#isRunning = false;
    clearTimeout(this.#keepAlive);
    clearTimeout(this.#flushing);
    this.#closeSources();
    try {
      // The video ends when it was stopped, not with the last change.
      await this.#writeAgain();
      await new Promise((resolve) => setTimeout(resolve, LAST_FRAME_MS));
    } finally {
      this.#picture.clear();
      await this.#encoder.stop();
      this.#output.close();
    }
    this.#tellStats();
  }

  #tellStats(): void {
    this.#host.emit({ type: 'stats', run: this.#request.run, captured: this.#captured, encoded: this.#encoded });
  }

  #read(sources: ReadonlyMap<string, DisplaySource>): void {
    this.#sources = sources;
    this.#stillness.changed();
    for (const [name, source] of sources) {
      source.read(this.#looks, {
        onFrame: (frame, at) => {
          this.#captured += 1;
          this.#picture.update(name, frame, true);
          this.#stillness.changed();
          this.#render(at);
        },
        onSameFrame: (frame) => {
          this.#captured += 1;
          this.#picture.update(name, frame, false);
          this.#stillness.unchanged();
        },
        onResized: () => this.#host.emit({ type: 'displaysChanged', run: this.#request.run }),
        onEnded: () => this.#end('sourceEnded', 'A display stopped delivering'),
      });
    }
  }

  #closeSources(): void {
    for (const source of this.#sources.values()) source.close();
    this.#sources = new Map();
  }

  get #keepAliveMs(): number {
    const { sliceMs } = this.#request;
    return this.#stillness.isResting ? sliceMs * RESTING_SLICES : sliceMs + KEEP_ALIVE_SLACK_MS;
  }

  #render(at: number): void {
    const frame = this.#picture.render();
    if (frame === undefined) return;
    if (this.#encoded === 0) this.#startedAt = at;
    this.#write(frame, at);
    this.#onFirstFrame();
  }

  #repeatLater(): void {
    if (!this.#isRunning) return;
    clearTimeout(this.#keepAlive);
    this.#keepAlive = setTimeout(() => this.#repeat(), this.#keepAliveMs);
  }

  #repeat(): void {
    // Armed again at once: a picture that cannot be repeated now may be there the next time.
    this.#repeatLater();
    if ([...this.#sources.values()].some((source) => source.isSilentFor(SILENCE_SLICES * this.#request.sliceMs))) {
      this.#end('sourceEnded', 'A display gives no frames any more');
      return;
    }
    // The next frame is a slice away at the earliest: until then this one would be lost with the process.
    void this.#writeAgain().then(() => {
      clearTimeout(this.#flushing);
      this.#flushing = setTimeout(() => this.#encoder.flush(), FLUSH_AFTER_MS);
    });
  }

  /** The picture as it is, once more. */
  async #writeAgain(): Promise<void> {
    const written = this.#encoded;
    const frame = this.#isPaused ? this.#pausePicture() : await this.#picture.renderAgain();
    // Something newer came meanwhile, which an older picture must not follow.
    if (written !== this.#encoded) frame?.close();
    else if (frame !== undefined) this.#write(frame, performance.now());
  }

  #pausePicture(): VideoFrame | undefined {
    return this.#request.pauseMode === 'black' ? blackFrame(this.#request.picture) : undefined;
  }

  #write(frame: VideoFrame, at: number): void {
    this.#encoded += 1;
    this.#repeatLater();
    this.#output.write(frame, at).catch((error: unknown) => this.#end('encoder', String(error)));
  }

  #end(code: CaptureFailure, message: string): void {
    if (this.#stopping !== undefined) return;
    this.#onEarlyEnd(new CaptureFault(code, message));
    void this.stop().then(() => this.#host.emit({ type: 'ended', run: this.#request.run, code, message }));
  }
}
