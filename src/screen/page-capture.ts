import type { Clock } from '../lib/clock';
import { withDeadline } from '../lib/deadline';
import type { Logger } from '../lib/logger';
import type { OpenVisibleWindows } from '../masks/ports';
import { parseCaptureFault, parseCaptureMessage } from '../shared/capture-contract';
import { Emitter } from '../shared/emitter';
import { describeError, isAppError } from '../shared/errors';
import { FrameCount } from './frame-count';
import { CaptureError } from './errors';
import type { CapturePagePort } from './page-port';
import { beginMasks, type SourceMasks } from './source-masks';
import { RemoteRun, type PageCall } from './remote-run';
import { layOutPicture, type PictureLayout } from './picture-layout';
import type { CaptureRequest, ScreenCapture } from './ports';

export interface PageCaptureDeps {
  readonly page: CapturePagePort;
  /** The windows of the screen that the page records. */
  readonly windows: OpenVisibleWindows;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A page that neither answers nor crashes is treated as crashed. A portal dialog that waits for a person falls under it too. */
const CALL_TIMEOUT_MS = 20_000;
/** Longer than a host's own time-out for starting a browser (30 s), whose error says more. */
const OPEN_TIMEOUT_MS = 40_000;

/** A `ScreenCapture` by the capture page, whichever process shows it. The host only brings the `CapturePagePort`. */
export function createPageCapture({ page, windows, clock, log }: PageCaptureDeps): ScreenCapture {
  let runs = 0;
  let current: RemoteRun | undefined;
  const frames = new FrameCount();
  const lost = new Emitter<void>((error) => log.error('a listener of the capture failed', { error }));

  const close = (): Promise<void> => withTimeout(clock, page.close(), 'close', CALL_TIMEOUT_MS);
  const letGo = async (): Promise<void> => {
    await close().catch((error: unknown) => log.info('the capture page did not close', { reason: describeError(error) }));
    lost.emit();
  };
  const withinTime = <T>(what: string, task: Promise<T>, ms = CALL_TIMEOUT_MS): Promise<T> =>
    withTimeout(clock, task, what, ms).catch((error: unknown) => {
      // Hung: the next `open` must load another page instead of meeting this one again.
      if (error instanceof CaptureError && error.failure === 'timeout') void letGo();
      throw error;
    });
  const open = (): Promise<void> => withinTime('open the page', page.open(), OPEN_TIMEOUT_MS);
  const call: PageCall = (method, argument) =>
    withinTime(method, page.call(method, argument)).catch((error: unknown) => {
      throw toCaptureError(error);
    });
  page.onMessage((value) => {
    const message = parseCaptureMessage(value);
    if (message === undefined) log.warn('the capture page sent something unknown');
    else if (message.type === 'stats') frames.note(message.run, message.encoded);
    else if (message.run === current?.number) current.handle(message);
  });
  page.onCrashed((reason) => {
    current?.end({ code: 'crashed', message: reason });
    lost.emit();
  });
  page.onDisplaysChanged(() => current?.displaysChanged());

  const openSources = async (layout: PictureLayout, framesPerSecond: number, masks?: SourceMasks): Promise<void> => {
    for (const source of layout.sources) {
      const mask = await masks?.before(source.source);
      await withinTime('select', page.select(source.source));
      await call('open', { ...source, framesPerSecond, ...(mask === undefined ? {} : { mask }) });
    }
  };

  /** A start that was given up while its sources opened must not begin behind everybody's back. */
  const startIfWanted = async (run: RemoteRun, request: CaptureRequest): Promise<void> => {
    if (current !== run) throw new CaptureError('sourceEnded', 'The start was given up');
    await run.start(request);
  };

  return {
    framesEncoded: () => frames.total,
    warm: open,
    onLost: (listener) => lost.subscribe(listener),
    cool: async () => {
      current?.end({ code: 'sourceEnded', message: 'The capture page was closed' });
      await close();
    },
    async start(request, listener) {
      await open();
      const displays = await withinTime('displays', page.displays());
      if (displays.length === 0) throw new CaptureError('noSource', 'There is no display to record');
      const layout = layOutPicture(displays, request);
      if (layout.isShrunk) log.warn('the displays together are larger than H.264 takes: recorded smaller', { picture: layout.picture });
      const masks = beginMasks({ open: windows, clock, log }, request.masks, displays, {
        onCovering: (covering) => listener.onCovering(covering),
        onUnknown: ({ message }) => void run.breakOff({ code: 'windowsUnknown', message }),
      });
      const openAll = (): Promise<void> => openSources(layout, request.encoding.framesPerSecond, masks);
      const run = new RemoteRun((runs += 1), { layout, listener, call, reopen: openAll, masks: masks?.run });
      current = run;
      const changed = displaysChange(page);
      try {
        await Promise.race([openAll().then(() => startIfWanted(run, request)), changed.happened]);
      } catch (error) {
        if (current === run) current = undefined;
        masks?.run.end();
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

function toCaptureError(error: unknown): Error {
  if (isAppError(error)) return error;
  const fault = parseCaptureFault(describeError(error));
  return fault === undefined
    ? new CaptureError('crashed', 'The capture page failed', error)
    : new CaptureError(fault.code, fault.message, error);
}

function withTimeout<T>(clock: Clock, task: Promise<T>, what: string, ms: number): Promise<T> {
  const tooLate = (): CaptureError => new CaptureError('timeout', `The capture page did not answer to "${what}" in time`);
  return withDeadline(clock, { ms, tooLate }, () => task);
}
