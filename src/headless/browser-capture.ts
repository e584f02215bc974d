import { SystemClock, type Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { OpenVisibleWindows } from '../masks/ports';
import { Serial } from '../lib/serial';
import { createPageCapture } from '../screen/page-capture';
import type { CaptureDisplay, CapturePagePort } from '../screen/page-port';
import type { ScreenCapture } from '../screen/ports';
import { AppError } from '../shared/errors';
import { Emitter } from '../shared/emitter';
import type { CapturePageMethod } from '../shared/capture-contract';
import { BrowserProfiles } from './browser-profile';
import { ChromiumProcess } from './chromium-process';
import { letRest, ownXDisplay } from '../x11/let-rest';
import { windowsOf } from '../x11/open-windows';
import { isWaylandSession } from '../x11/wayland';
import { findChromium } from './find-chromium';
import { ScreenSource } from './screen-source';

export interface BrowserCaptureOptions {
  /** Default: `findChromium()`. */
  readonly chromiumPath?: string;
  /** The folder that holds `capture/index.html`. */
  readonly pagesDirectory: string;
  /** For the browser's profiles: of this process alone, and emptied by it. */
  readonly profilesDirectory: string;
  readonly log: Logger;
  /** X display such as `:99`. Default: the environment's. */
  readonly display?: string;
  readonly clock?: Clock;
  /** Default: the display's. */
  readonly windows?: OpenVisibleWindows;
  /** Called with each recording's beginning: whether the whole screen is in the picture, or the windows of X programs only (Wayland). */
  readonly onScreen?: (isWhole: boolean) => void;
}

/** Captures the screen with the system's Chromium, without a window. */
export function createBrowserCapture(options: BrowserCaptureOptions): ScreenCapture {
  const { log, clock = new SystemClock(), display = ownXDisplay(process.platform, process.env) } = options;
  return createPageCapture({
    page: letRest(new ChromiumPage(options), { display, log }),
    windows: options.windows ?? windowsOf(display),
    clock,
    log,
  });
}

class ChromiumPage implements CapturePagePort {
  readonly #options: BrowserCaptureOptions;
  readonly #messages = new Emitter<unknown>();
  readonly #crashes = new Emitter<string>();
  readonly #displayChanges = new Emitter<void>();
  readonly #openOrClose = new Serial();
  readonly #profiles: BrowserProfiles;
  #screen: ScreenSource | undefined;
  #browser: ChromiumProcess | undefined;
  #sourceName = '';

  constructor(options: BrowserCaptureOptions) {
    this.#options = options;
    this.#profiles = new BrowserProfiles(options.profilesDirectory);
  }

  open(): Promise<void> {
    return this.#openOrClose.run(() => this.#open());
  }

  close(): Promise<void> {
    return this.#openOrClose.run(() => this.#close());
  }

  async displays(): Promise<readonly CaptureDisplay[]> {
    return this.#screen === undefined ? [await this.#onlyDisplay()] : this.#screen.displays();
  }

  /** Named to the browser when it starts. */
  async select(): Promise<void> {}

  async call(method: CapturePageMethod, argument?: unknown): Promise<unknown> {
    return this.#openBrowser().evaluate(`srsCapture.${method}(${JSON.stringify(argument) ?? ''})`);
  }

  onMessage(listener: (message: unknown) => void) {
    return this.#messages.subscribe(listener);
  }

  onCrashed(listener: (reason: string) => void) {
    return this.#crashes.subscribe(listener);
  }

  onDisplaysChanged(listener: () => void) {
    return this.#displayChanges.subscribe(listener);
  }

  async #open(): Promise<void> {
    const screen = (this.#screen ??= await this.#openScreen());
    const sourceName = (await screen?.name()) ?? 'Entire screen';
    if (screen !== undefined) await this.#tellWhetherWhole(screen);
    if (this.#browser !== undefined && sourceName === this.#sourceName) return;
    await this.#closeBrowser();
    this.#sourceName = sourceName;
    this.#browser = await this.#launch(sourceName);
    this.#options.log.info('the capture browser is up');
  }

  /** Elsewhere than on Linux the browser itself is asked for the display. */
  async #openScreen(): Promise<ScreenSource | undefined> {
    if (process.platform !== 'linux') return undefined;
    const { display = process.env['DISPLAY'], log } = this.#options;
    if (!display) {
      throw new AppError(
        'dependencyMissing',
        'There is no screen to record: DISPLAY is not set. Start inside a desktop, or under xvfb-run.',
      );
    }
    return ScreenSource.open(display, log, {
      onDisplaysChanged: () => this.#displayChanges.emit(),
      onLost: () => {
        log.warn('the X server is gone');
        this.#screen = undefined;
      },
    });
  }

  /** A display that was named on purpose, such as an Xvfb, has nothing to do with the session's. */
  async #tellWhetherWhole(screen: ScreenSource): Promise<void> {
    const isSessions = this.#options.display === undefined;
    const isPart = (isSessions && isWaylandSession(process.env)) || (await screen.isXwayland());
    if (isPart) this.#options.log.warn('only the windows of X programs are recorded: this is a Wayland session');
    this.#options.onScreen?.(!isPart);
  }

  async #launch(sourceName: string): Promise<ChromiumProcess> {
    const { chromiumPath, pagesDirectory, display = process.env['DISPLAY'] } = this.#options;
    return ChromiumProcess.open({
      executablePath: chromiumPath ?? (await findChromium()),
      pagesDirectory,
      profiles: this.#profiles,
      display,
      sourceName,
      onMessage: (message) => this.#messages.emit(message),
      onGone: (reason) => this.#gone(reason),
    });
  }

  async #onlyDisplay(): Promise<CaptureDisplay> {
    const size = await this.#openBrowser().evaluate(
      '({ width: Math.round(screen.width * devicePixelRatio), height: Math.round(screen.height * devicePixelRatio) })',
    );
    return { id: 'screen', isPrimary: true, geometry: { x: 0, y: 0, ...(size as { width: number; height: number }) } };
  }

  async #close(): Promise<void> {
    await this.#closeBrowser();
    await this.#screen?.close();
    this.#screen = undefined;
  }

  async #closeBrowser(): Promise<void> {
    const browser = this.#browser;
    this.#browser = undefined;
    await browser?.close();
  }

  #gone(reason: string): void {
    const browser = this.#browser;
    if (browser === undefined) return;
    this.#browser = undefined;
    this.#options.log.warn('the capture browser is gone', { reason });
    this.#crashes.emit(reason);
    void this.#openOrClose.run(() => browser?.close());
  }

  #openBrowser(): ChromiumProcess {
    if (this.#browser === undefined) throw new AppError('capture', 'The capture browser is not running', { isRetryable: true });
    return this.#browser;
  }
}
