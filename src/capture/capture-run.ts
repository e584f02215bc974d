import type { CaptureHostBridge, CaptureFaultCode, PageStart, PageStarted } from '../shared/capture-contract';
import type { DisplaySource } from './display-source';
import { Encoder } from './encoder';
import { CaptureFault } from './fault';
import { FrameOutput } from './frame-output';
import { blackFrame, createPicture, type Picture } from './picture';

/** A display that gives no first frame in this time will give none. */
const FIRST_FRAME_TIMEOUT_MS = 10_000;

/** A still screen's frame is repeated after this part of a slice: with the timer's own step, one a slice. */
const KEEP_ALIVE_SHARE = 0.75;
/** Repeating the last frame must not hide that the display is gone. */
const SILENCE_SLICES = 4;
/** A frame takes a few milliseconds from here into the encoder's thread, which stopping does not wait for. */
const LAST_FRAME_MS = 30;

/** One run of the encoder: displays → picture → encoder → slices. */
export class CaptureRun {
  readonly #request: PageStart;
  readonly #host: CaptureHostBridge;
  readonly #picture: Picture;
  readonly #output = new FrameOutput();
  readonly #encoder: Encoder;
  #sources: ReadonlyMap<string, DisplaySource> = new Map();
  #sequence = 0;
  #captured = 0;
  #encoded = 0;
  #isPaused = false;
  #stopping: Promise<void> | undefined;
  #keepAlive: ReturnType<typeof setInterval> | undefined;
  #lastWrite = 0;
  #startedAt = 0;
  #onFirstFrame: () => void = () => undefined;
  #onEarlyEnd: (fault: CaptureFault) => void = () => undefined;

  constructor(request: PageStart, host: CaptureHostBridge) {
    this.#request = request;
    this.#host = host;
    this.#picture = createPicture(request);
    this.#encoder = new Encoder(this.#output.stream, {
      videoBitsPerSecond: request.videoBitsPerSecond,
      sliceMs: request.sliceMs,
      onSlice: (bytes) => host.emit({ type: 'slice', run: request.run, sequence: this.#sequence++, bytes }),
      onError: (fault) => this.#end(fault.code, fault.text),
    });
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
    this.#keepAlive = setInterval(() => this.#repeat(), this.#request.sliceMs / 4);
    return { mimeType: this.#encoder.mimeType, startedAt: this.#startedAt };
  }

  pause(): void {
    if (this.#isPaused || this.#stopping !== undefined) return;
    this.#isPaused = true;
    this.#closeSources();
    this.#picture.clear();
    if (this.#request.pauseMode === 'cut') this.#encoder.pause();
    else this.#write(blackFrame(this.#request.picture));
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
    clearInterval(this.#keepAlive);
    this.#closeSources();
    // The film ends when it was stopped, not with the last change.
    await this.#writeAgain();
    await new Promise((resolve) => setTimeout(resolve, LAST_FRAME_MS));
    this.#picture.clear();
    await this.#encoder.stop();
    this.#output.close();
    this.#host.emit({ type: 'stats', run: this.#request.run, captured: this.#captured, encoded: this.#encoded });
  }

  #read(sources: ReadonlyMap<string, DisplaySource>): void {
    this.#sources = sources;
    for (const [name, source] of sources) {
      source.read({
        onFrame: (frame) => {
          this.#captured += 1;
          this.#picture.update(name, frame);
          this.#render();
        },
        onSameFrame: (frame) => {
          this.#captured += 1;
          this.#picture.update(name, frame);
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

  #render(): void {
    const frame = this.#picture.render();
    if (frame === undefined) return;
    if (this.#encoded === 0) this.#startedAt = Date.now();
    this.#write(frame);
    this.#onFirstFrame();
  }

  #repeat(): void {
    if ([...this.#sources.values()].some((source) => source.isSilentFor(SILENCE_SLICES * this.#request.sliceMs))) {
      this.#end('sourceEnded', 'A display gives no frames any more');
      return;
    }
    if (performance.now() - this.#lastWrite < this.#request.sliceMs * KEEP_ALIVE_SHARE) return;
    void this.#writeAgain();
  }

  /** The picture as it is, once more. */
  async #writeAgain(): Promise<void> {
    const written = this.#encoded;
    const frame = this.#isPaused ? this.#pausePicture() : await this.#picture.renderAgain();
    // Something newer came meanwhile, which an older picture must not follow.
    if (written !== this.#encoded) frame?.close();
    else if (frame !== undefined) this.#write(frame);
  }

  #pausePicture(): VideoFrame | undefined {
    return this.#request.pauseMode === 'black' ? blackFrame(this.#request.picture) : undefined;
  }

  #write(frame: VideoFrame): void {
    this.#lastWrite = performance.now();
    this.#encoded += 1;
    this.#output.write(frame).catch((error: unknown) => this.#end('encoder', String(error)));
  }

  #end(code: CaptureFaultCode, message: string): void {
    if (this.#stopping !== undefined) return;
    this.#onEarlyEnd(new CaptureFault(code, message));
    void this.stop().then(() => this.#host.emit({ type: 'ended', run: this.#request.run, code, message }));
  }
}
