import { risingStamp } from './rising-stamp';

/** Where composed frames go: a track that an encoder can take. Stamps every frame with one rising clock. */
export class FrameOutput {
  readonly stream: MediaStream;
  readonly #track: MediaStreamVideoTrackGenerator;
  readonly #writer: WritableStreamDefaultWriter<VideoFrame>;
  #last: number | undefined;
  #hasClosed = false;

  constructor() {
    this.#track = new MediaStreamTrackGenerator({ kind: 'video' });
    this.#writer = (this.#track.writable as WritableStream<VideoFrame>).getWriter();
    this.stream = new MediaStream([this.#track]);
  }

  /** Takes the frame over. Resolves when it has left this thread. @param at when it came, by `performance.now()` */
  async write(frame: VideoFrame, at: number): Promise<void> {
    if (this.#hasClosed) {
      frame.close();
      return;
    }
    const stamped = new VideoFrame(frame, { timestamp: this.#timestamp(at) });
    frame.close();
    await this.#writer.write(stamped);
  }

  close(): void {
    if (this.#hasClosed) return;
    this.#hasClosed = true;
    this.#track.stop();
    void this.#writer.close().catch(() => undefined); // stopping the track may have closed it already
  }

  #timestamp(at: number): number {
    this.#last = risingStamp(this.#last, at);
    return this.#last;
  }
}
