import { parsePageStarted, type CaptureFailure, type CaptureMessage, type PageStart } from '../shared/capture-contract';
import { CaptureError } from './errors';
import type { CapturePagePort } from './page-port';
import type { PictureLayout } from './picture-layout';
import type { CaptureEndReason, CaptureListener, CaptureRequest, CaptureRun } from './ports';

export type PageCall = CapturePagePort['call'];

/** The host's end of a run whose encoder is in the capture page. */
export class RemoteRun implements CaptureRun {
  readonly number: number;
  readonly displays;
  mimeType = '';
  startedAgoMs = 0;
  readonly #layout: PictureLayout;
  readonly #listener: CaptureListener;
  readonly #call: PageCall;
  readonly #reopen: () => Promise<void>;
  #hasEnded = false;
  #resuming: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(number: number, layout: PictureLayout, listener: CaptureListener, call: PageCall, reopen: () => Promise<void>) {
    this.number = number;
    this.displays = layout.displays;
    this.#layout = layout;
    this.#listener = listener;
    this.#call = call;
    this.#reopen = reopen;
  }

  async start(request: CaptureRequest): Promise<void> {
    const { encoding, grayscale, pauseMode, sliceMs } = request;
    const { picture, draws } = this.#layout;
    const argument: PageStart = { run: this.number, picture, draws, ...encoding, grayscale, pauseMode, sliceMs };
    const started = parsePageStarted(await this.#call('start', argument));
    if (started === undefined) throw new CaptureError('encoder', 'The capture page did not name its container');
    this.mimeType = started.mimeType;
    this.startedAgoMs = started.startedAgoMs;
  }

  async pause(): Promise<void> {
    await this.#call('pause');
  }

  resume(): Promise<void> {
    this.#resuming = this.#resume();
    return this.#resuming;
  }

  async #resume(): Promise<void> {
    await this.#reopen();
    // Not to the page: stopping closes what was opened, before anything of it is seen.
    if (this.#stopping !== undefined) throw new CaptureError('sourceEnded', 'The run was ended while its displays were opened again');
    await this.#call('resume');
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    // A display that opens late would stay open, or meet the next run.
    await this.#resuming?.catch(() => undefined); // told to who resumed
    if (!this.#hasEnded) await this.#call('stop');
    this.#hasEnded = true;
  }

  handle(message: CaptureMessage): void {
    if (this.#hasEnded) return;
    if (message.type === 'slice') this.#listener.onSlice(message.bytes);
    else if (message.type === 'displaysChanged') this.displaysChanged();
    else if (message.type === 'ended') this.end(toEndReason(message.code, message.message));
  }

  displaysChanged(): void {
    if (!this.#hasEnded && this.#stopping === undefined) this.#listener.onDisplaysChanged();
  }

  end(reason: CaptureEndReason): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#listener.onEnded(reason);
  }
}

function toEndReason(code: CaptureFailure, message: string): CaptureEndReason {
  if (code === 'noSource' || code === 'timeout') return { code: 'sourceEnded', message };
  return { code, message };
}
