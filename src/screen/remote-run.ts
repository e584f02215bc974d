import type { MaskRun } from '../masks/mask-run';
import { parsePageStarted, type CaptureFailure, type CaptureMessage, type PageLooked, type PageStart } from '../shared/capture-contract';
import { CaptureError } from './errors';
import type { CapturePagePort } from './page-port';
import type { PictureLayout } from './picture-layout';
import type { CaptureEndReason, CaptureListener, CaptureRequest, CaptureRun } from './ports';

export type PageCall = CapturePagePort['call'];

export interface RemoteRunDeps {
  readonly layout: PictureLayout;
  readonly listener: CaptureListener;
  readonly call: PageCall;
  /** Opens the displays again after a pause. */
  readonly reopen: () => Promise<void>;
  /** Where windows are covered. */
  readonly masks: MaskRun | undefined;
}

/** The host's end of a run whose encoder is in the capture page. */
export class RemoteRun implements CaptureRun {
  readonly number: number;
  readonly displays;
  mimeType = '';
  startedAgoMs = 0;
  readonly #deps: RemoteRunDeps;
  #hasEnded = false;
  #resuming: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(number: number, deps: RemoteRunDeps) {
    this.number = number;
    this.displays = deps.layout.displays;
    this.#deps = deps;
  }

  async start(request: CaptureRequest): Promise<void> {
    const { encoding, grayscale, pauseMode, sliceMs } = request;
    const { picture, draws } = this.#deps.layout;
    const argument: PageStart = { run: this.number, picture, draws, ...encoding, grayscale, pauseMode, sliceMs };
    const started = parsePageStarted(await this.#deps.call('start', argument));
    if (started === undefined) throw new CaptureError('encoder', 'The capture page did not name its container');
    this.mimeType = started.mimeType;
    this.startedAgoMs = started.startedAgoMs;
  }

  async pause(): Promise<void> {
    await this.#deps.call('pause');
  }

  resume(): Promise<void> {
    this.#resuming = this.#resume();
    return this.#resuming;
  }

  async #resume(): Promise<void> {
    await this.#deps.reopen();
    // Not to the page: stopping closes what was opened, before anything of it is seen.
    if (this.#stopping !== undefined) throw new CaptureError('sourceEnded', 'The run was ended while its displays were opened again');
    await this.#deps.call('resume');
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    // A display that opens late would stay open, or meet the next run.
    await this.#resuming?.catch(() => undefined); // told to who resumed
    this.#deps.masks?.end();
    if (!this.#hasEnded) await this.#deps.call('stop');
    this.#hasEnded = true;
  }

  handle(message: CaptureMessage): void {
    if (this.#hasEnded) return;
    if (message.type === 'slice') this.#deps.listener.onSlice(message.bytes);
    else if (message.type === 'displaysChanged') this.displaysChanged();
    else if (message.type === 'look') void this.#look(message.ask, message.since);
    else if (message.type === 'ended') this.end(toEndReason(message.code, message.message));
  }

  /** Never rejects: a page that is gone is told of elsewhere. */
  async #look(ask: number, since: number | undefined): Promise<void> {
    const { masks, call } = this.#deps;
    const { look, cover } = masks === undefined ? { look: 0, cover: 'all' as const } : await masks.look(since);
    const answer: PageLooked = { ask, look, cover };
    if (!this.#hasEnded) await call('looked', answer).catch(() => undefined);
  }

  /** Nothing more is recorded, for a reason that the page does not know. */
  async breakOff(reason: CaptureEndReason): Promise<void> {
    if (this.#hasEnded || this.#stopping !== undefined) return;
    await this.stop().catch(() => undefined); // told as an end
    this.#deps.listener.onEnded(reason);
  }

  displaysChanged(): void {
    if (!this.#hasEnded && this.#stopping === undefined) this.#deps.listener.onDisplaysChanged();
  }

  end(reason: CaptureEndReason): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#deps.masks?.end();
    this.#deps.listener.onEnded(reason);
  }
}

function toEndReason(code: CaptureFailure, message: string): CaptureEndReason {
  if (code === 'noSource' || code === 'timeout') return { code: 'sourceEnded', message };
  return { code, message };
}
