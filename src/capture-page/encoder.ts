import { CaptureFault } from './fault';

/** Best first (measured: scripts/bench/recorder.mjs). All of them can be cut anywhere and stay playable up to there. */
const MIME_TYPES = ['video/x-matroska;codecs=avc1', 'video/webm;codecs=h264', 'video/webm;codecs=vp9'];

export interface EncoderOptions {
  readonly videoBitsPerSecond: number;
  readonly sliceMs: number;
  onSlice(bytes: Uint8Array): void;
  onError(fault: CaptureFault): void;
}

/** `MediaRecorder` whose slices come in order, as bytes. */
export class Encoder {
  readonly #recorder: MediaRecorder;
  readonly #stopped: Promise<void>;
  #slices: Promise<void> = Promise.resolve();

  constructor(stream: MediaStream, { videoBitsPerSecond, sliceMs, onSlice, onError }: EncoderOptions) {
    const mimeType = MIME_TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    if (mimeType === undefined) throw new CaptureFault('encoder', 'This browser can encode neither H.264 nor VP9');
    const recorder = new MediaRecorder(stream, { mimeType, videoBitsPerSecond });
    this.#recorder = recorder;
    recorder.ondataavailable = ({ data }) => {
      this.#slices = this.#slices.then(async () => {
        if (data.size > 0) onSlice(new Uint8Array(await data.arrayBuffer()));
      });
    };
    this.#stopped = new Promise((resolve) => (recorder.onstop = () => resolve()));
    recorder.onerror = (event) => onError(new CaptureFault('encoder', (event as unknown as { error: Error }).error.message));
    recorder.start(sliceMs);
  }

  get mimeType(): string {
    return this.#recorder.mimeType;
  }

  pause(): void {
    if (this.#recorder.state === 'recording') this.#recorder.pause();
  }

  resume(): void {
    if (this.#recorder.state === 'paused') this.#recorder.resume();
  }

  /** Hands over what has been encoded so far: by itself the recorder keeps a frame until the one after it comes. */
  flush(): void {
    if (this.#recorder.state === 'recording') this.#recorder.requestData();
  }

  /** Resolves after the last slice. */
  async stop(): Promise<void> {
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    await this.#stopped;
    await this.#slices;
  }
}
