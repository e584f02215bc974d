import type { OpenSource } from '../shared/capture-contract';
import { ChangeDetector } from './change-detector';
import { CaptureFault } from './fault';
import { FrameMask } from './masks/frame-mask';
import type { Looks } from './masks/looks';

export interface DisplaySourceListener {
  /** A frame that shows something new; the receiver closes it. @param at when it came, by `performance.now()` */
  onFrame(frame: VideoFrame, at: number): void;
  /** A frame like the one before; the receiver closes it. */
  onSameFrame(frame: VideoFrame): void;
  /** The display delivers another size than before. */
  onResized(): void;
  /** The display stopped delivering, without `close`. */
  onEnded(): void;
}

/** One display's track, and its frames while somebody reads them. */
export class DisplaySource {
  readonly #track: MediaStreamVideoTrack;
  readonly #wanted: OpenSource;
  #reader: ReadableStreamDefaultReader<VideoFrame> | undefined;
  /** Before anything of it can have been captured. */
  readonly #askedAt: number;
  #lastFrameAt = 0;
  #repeatsItself = false;

  private constructor(track: MediaStreamVideoTrack, wanted: OpenSource, askedAt: number) {
    this.#track = track;
    this.#askedAt = askedAt;
    this.#wanted = wanted;
  }

  static async open(wanted: OpenSource): Promise<DisplaySource> {
    const askedAt = performance.now();
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getDisplayMedia({ video: constraintsFor(wanted), audio: false });
    } catch (error) {
      throw toOpenFault(error);
    }
    const [track] = stream.getVideoTracks();
    if (track === undefined) throw new CaptureFault('noSource', 'The display delivers no picture');
    track.contentHint = 'text';
    return new DisplaySource(track as MediaStreamVideoTrack, wanted, askedAt);
  }

  /** The capturer gives the same picture again and again, as Chromium's on X11 does: others give frames for changes only. */
  get repeatsItself(): boolean {
    return this.#repeatsItself;
  }

  /** Reads the display at most this often; without a rate as often as it was opened for. */
  async setRate(framesPerSecond = this.#wanted.framesPerSecond): Promise<void> {
    await this.#track.applyConstraints(constraintsFor({ ...this.#wanted, framesPerSecond }));
  }

  /**
   * Whether frames stopped coming. A capturer that gives frames only for changes is never silent by this measure; one that also gave
   * the same picture again (Chromium on X11 and Windows) is, when it gives none any more.
   */
  isSilentFor(ms: number): boolean {
    return this.#repeatsItself && performance.now() - this.#lastFrameAt > ms;
  }

  /** Once per source. @param looks where the source is to be covered */
  read(looks: Looks, listener: DisplaySourceListener): void {
    const reader = new MediaStreamTrackProcessor({ track: this.#track, maxBufferSize: 1 }).readable.getReader();
    this.#reader = reader;
    this.#track.addEventListener('ended', () => {
      if (this.#reader === reader) listener.onEnded();
    });
    void this.#pump(reader, looks, listener);
  }

  close(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#track.stop();
    void reader?.cancel().catch(() => undefined); // an errored stream is as good as closed
  }

  async #pump(reader: ReadableStreamDefaultReader<VideoFrame>, looks: Looks, listener: DisplaySourceListener): Promise<void> {
    const changes = new ChangeDetector();
    const { mask: wanted } = this.#wanted;
    const mask = wanted === undefined ? undefined : new FrameMask(wanted, this.#askedAt, looks);
    let size: string | undefined;
    try {
      for (;;) {
        const { done, value: taken } = await reader.read();
        if (done) break;
        const newSize = `${taken.displayWidth}x${taken.displayHeight}`;
        if (size !== undefined && size !== newSize) listener.onResized();
        size = newSize;
        const at = performance.now();
        this.#lastFrameAt = at;
        const frame = mask === undefined ? taken : await mask.cover(taken, at);
        const hasChanged = await changes.hasChanged(frame);
        this.#repeatsItself ||= !hasChanged;
        if (this.#reader !== reader) frame.close();
        else if (hasChanged) listener.onFrame(frame, at);
        else listener.onSameFrame(frame);
      }
    } catch {
      // told as an end below
    }
    if (this.#reader === reader) listener.onEnded();
  }
}

function constraintsFor({ framesPerSecond, width, height }: OpenSource): MediaTrackConstraints {
  return { frameRate: { max: framesPerSecond }, width: { max: width }, height: { max: height } };
}

function toOpenFault(error: unknown): CaptureFault {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  if (name === 'NotAllowedError' || name === 'SecurityError') return new CaptureFault('permission', message);
  return new CaptureFault('noSource', `${name}: ${message}`);
}
