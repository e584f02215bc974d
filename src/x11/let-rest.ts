import type { Logger } from '../lib/logger';
import type { CapturePagePort } from '../screen/page-port';
import { parseCaptureMessage, type CapturePageMethod } from '../shared/capture-contract';
import { ScreenActivity } from './screen-activity';

export interface LetRestDeps {
  /** X display such as `:0`; `undefined` where the screen is not an X server's. */
  readonly display: string | undefined;
  readonly log: Logger;
}

/** The X display this process is shown on, if it is one: beside a Wayland compositor an X server sees only some of the windows. */
export function ownXDisplay(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): string | undefined {
  return platform === 'linux' && !env['WAYLAND_DISPLAY'] ? env['DISPLAY'] || undefined : undefined;
}

/** The same page, resting while the screen stands still (`CapturePage.rest`): the X server says when that is over. */
export function letRest(page: CapturePagePort, { display, log }: LetRestDeps): CapturePagePort {
  if (display === undefined) return page;
  let activity: ScreenActivity | undefined;

  const tell = (method: CapturePageMethod): void => {
    page.call(method).catch((error: unknown) => log.info('the capture page was not told', { method, error }));
  };
  const rest = (): void => {
    if (activity === undefined) return;
    activity.onNextChange(() => tell('wake'));
    tell('rest');
  };

  return {
    async open() {
      await page.open();
      activity ??= await ScreenActivity.open(display, () => (activity = undefined)).catch((error: unknown) => {
        log.info('the X server does not tell changes: a still screen is read as often as a moving one', { error });
        return undefined;
      });
    },
    async close() {
      activity?.close();
      activity = undefined;
      await page.close();
    },
    displays: () => page.displays(),
    select: (source) => page.select(source),
    call: (method, argument) => page.call(method, argument),
    onMessage: (listener) =>
      page.onMessage((message) => {
        if (parseCaptureMessage(message)?.type === 'still') rest();
        else listener(message);
      }),
    onCrashed: (listener) => page.onCrashed(listener),
    onDisplaysChanged: (listener) => page.onDisplaysChanged(listener),
  };
}
