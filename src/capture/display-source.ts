import { CaptureFault } from './fault';

export interface DisplaySourceListener {
  /** The newest frame; the receiver closes it. */
  onFrame(frame: VideoFrame): void;
  /** The display stopped delivering, without `close`. */
  onEnded(): void;
}

/** One display's track, and its frames while somebody reads them. */
export class DisplaySource {
  readonly #track: MediaStreamVideoTrack;
  #reader: ReadableStreamDefaultReader<VideoFrame> | undefined;

  private constructor(track: MediaStreamVideoTrack) {
    this.#track = track;
  }

  static async open(framesPerSecond: number): Promise<DisplaySource> {
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: framesPerSecond } }, audio: false });
    } catch (error) {
      throw toOpenFault(error);
    }
    const [track] = stream.getVideoTracks();
    if (track === undefined) throw new CaptureFault('noSource', 'The display delivers no picture');
    track.contentHint = 'text';
    return new DisplaySource(track as MediaStreamVideoTrack);
  }

  /** Once per source. */
  read(listener: DisplaySourceListener): void {
    const reader = new MediaStreamTrackProcessor({ track: this.#track, maxBufferSize: 1 }).readable.getReader();
    this.#reader = reader;
    this.#track.addEventListener('ended', () => {
      if (this.#reader === reader) listener.onEnded();
    });
    void this.#pump(reader, listener);
  }

  close(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    this.#track.stop();
    void reader?.cancel().catch(() => undefined); // an errored stream is as good as closed
  }

  async #pump(reader: ReadableStreamDefaultReader<VideoFrame>, listener: DisplaySourceListener): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        if (this.#reader === reader) listener.onFrame(value);
        else value.close();
      }
    } catch {
      // told as an end below
    }
    if (this.#reader === reader) listener.onEnded();
  }
}

function toOpenFault(error: unknown): CaptureFault {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
  if (name === 'NotAllowedError' || name === 'SecurityError') return new CaptureFault('permission', message);
  return new CaptureFault('noSource', `${name}: ${message}`);
}
