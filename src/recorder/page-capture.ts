import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { parseCaptureFault, parseCaptureMessage, parsePageStarted, type CaptureMessage, type PageStart } from '../shared/capture-contract';
import { describeError, isAppError } from '../shared/errors';
import { CaptureError } from './errors';
import type { CapturePagePort } from './page-port';
import { layOutPicture, type PictureLayout } from './picture-layout';
import type { CaptureEndReason, CaptureListener, CaptureRequest, CaptureRun, ScreenCapture } from './ports';

export interface PageCaptureDeps {
  readonly page: CapturePagePort;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A page that neither answers nor crashes is treated as crashed. A portal dialog that waits for a person falls under it too. */
const CALL_TIMEOUT_MS = 20_000;

/** A `ScreenCapture` by the capture page, whichever process shows it. The host only brings the `CapturePagePort`. */
export function createPageCapture({ page, clock, log }: PageCaptureDeps): ScreenCapture {
  let runs = 0;
  let current: PageRun | undefined;

  const call: PageCall = (method, argument) =>
    withTimeout(clock, page.call(method, argument), method).catch((error: unknown) => {
      const failure = toCaptureError(error);
      // Hung: the next `open` must load another page instead of meeting this one again.
      if (failure instanceof CaptureError && failure.failure === 'timeout')
        page.close().catch((cause: unknown) => log.info('the capture page did not close', { reason: describeError(cause) }));
      throw failure;
    });
  page.onMessage((value) => {
    const message = parseCaptureMessage(value);
    if (message === undefined) log.warn('the capture page sent something unknown');
    else if (message.run === current?.number) current.handle(message);
  });
  page.onCrashed((reason) => current?.end({ code: 'crashed', message: reason }));
  page.onDisplaysChanged(() => current?.displaysChanged());

  const openSources = async (layout: PictureLayout, framesPerSecond: number): Promise<void> => {
    for (const source of layout.sources) {
      await page.select(source.source);
      await call('open', { ...source, framesPerSecond });
    }
  };

  /** A start that was given up while its sources opened must not begin behind everybody's back. */
  const startIfWanted = async (run: PageRun, request: CaptureRequest): Promise<void> => {
    if (current !== run) throw new CaptureError('sourceEnded', 'The start was given up');
    await run.start(request);
  };

  return {
    warm: () => page.open(),
    cool: async () => {
      current?.end({ code: 'sourceEnded', message: 'The capture page was closed' });
      await page.close();
    },
    async start(request, listener) {
      await page.open();
      const displays = await page.displays();
      if (displays.length === 0) throw new CaptureError('noSource', 'There is no display to record');
      const layout = layOutPicture(displays, request);
      const run = new PageRun((runs += 1), layout, listener, call, () => openSources(layout, request.encoding.framesPerSecond));
      current = run;
      const changed = displaysChange(page);
      try {
        await Promise.race([
          openSources(layout, request.encoding.framesPerSecond).then(() => startIfWanted(run, request)),
          changed.happened,
        ]);
      } catch (error) {
        if (current === run) current = undefined;
        void call('stop').catch((cause: unknown) => log.info('the capture page did not stop', { reason: describeError(cause) }));
        throw toCaptureError(error);
      } finally {
        changed.forget();
      }
      return run;
    },
  };
}

/** A display that goes while it is being opened would be waited for until the time-out. */
function displaysChange(page: CapturePagePort): { readonly happened: Promise<never>; forget(): void } {
  let forget = (): void => undefined;
  const happened = new Promise<never>((_resolve, reject) => {
    forget = page.onDisplaysChanged(() => reject(new CaptureError('sourceEnded', 'The displays changed while they were opened')));
  });
  happened.catch(() => undefined); // it may come when nobody races any more
  return { happened, forget };
}

type PageCall = CapturePagePort['call'];

class PageRun implements CaptureRun {
  readonly number: number;
  readonly displays;
  mimeType = '';
  startedAt = 0;
  readonly #layout: PictureLayout;
  readonly #listener: CaptureListener;
  readonly #call: PageCall;
  readonly #reopen: () => Promise<void>;
  #hasEnded = false;
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
    this.startedAt = started.startedAt;
  }

  async pause(): Promise<void> {
    await this.#call('pause');
  }

  async resume(): Promise<void> {
    await this.#reopen();
    await this.#call('resume');
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
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

function toEndReason(code: CaptureError['failure'], message: string): CaptureEndReason {
  if (code === 'noSource' || code === 'timeout') return { code: 'sourceEnded', message };
  return { code, message };
}

function toCaptureError(error: unknown): Error {
  if (isAppError(error)) return error;
  const fault = parseCaptureFault(describeError(error));
  return fault === undefined
    ? new CaptureError('crashed', 'The capture page failed', error)
    : new CaptureError(fault.code, fault.message, error);
}

async function withTimeout<T>(clock: Clock, task: Promise<T>, what: string): Promise<T> {
  let cancel: () => void = () => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const timer = clock.after(CALL_TIMEOUT_MS, () =>
      reject(new CaptureError('timeout', `The capture page did not answer to "${what}" in time`)),
    );
    cancel = () => timer.cancel();
  });
  try {
    return await Promise.race([task, late]);
  } finally {
    cancel();
  }
}
