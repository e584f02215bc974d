import { BrowserWindow, desktopCapturer, ipcMain, screen, session as sessions, type IpcMainEvent, type Session } from 'electron';
import { join } from 'node:path';
import type { Logger } from '../../lib/logger';
import { CaptureError } from '../../screen/errors';
import type { CaptureDisplay, CapturePagePort } from '../../screen/page-port';
import { CAPTURE_CHANNEL, type CapturePageMethod } from '../../shared/capture-contract';
import { Emitter } from '../../shared/emitter';
import { toPixels } from '../platform/displays';
import { pageUrl, servePage } from '../windows/app-protocol';
import { PAGE_PREFERENCES, restrictPermissions } from '../windows/page-security';
import { findSource } from './find-source';
import { WatchedMonitors } from './watched-monitors';

const PARTITION = 'capture';

export interface ElectronCapturePageDeps {
  /** Holds `capture/` and `preload/`. */
  readonly pagesDirectory: string;
  /** X display such as `:0`; `undefined` where the screen is not an X server's. */
  readonly display: string | undefined;
  readonly log: Logger;
}

/**
 * The capture page in a hidden window with a session of its own. Electron answers its `getDisplayMedia()` with the display that was selected
 * last, so nobody is asked (macOS and Wayland ask by themselves). The displays are `screen`'s; on X11 the server's monitors.
 */
export class ElectronCapturePage implements CapturePagePort {
  readonly #deps: ElectronCapturePageDeps;
  readonly #messages: Emitter<unknown>;
  readonly #crashes: Emitter<string>;
  readonly #displayChanges: Emitter<void>;
  readonly #monitors: WatchedMonitors | undefined;
  #session: Session | undefined;
  #window: BrowserWindow | undefined;
  #opening: Promise<void> | undefined;
  #selected: string | undefined;
  /** Why the last `getDisplayMedia` was given nothing. */
  #refusal: CaptureError | undefined;

  constructor(deps: ElectronCapturePageDeps) {
    this.#deps = deps;
    const onListenerError = (error: unknown): void => deps.log.error('a listener of the capture page failed', { error });
    this.#messages = new Emitter(onListenerError);
    this.#crashes = new Emitter(onListenerError);
    this.#displayChanges = new Emitter(onListenerError);
    const { display, log } = deps;
    this.#monitors =
      display === undefined ? undefined : new WatchedMonitors({ display, log, onChanged: () => this.#displayChanges.emit() });
  }

  open(): Promise<void> {
    if (this.#opening === undefined) {
      const opening = this.#load().catch((error: unknown) => {
        if (this.#opening === opening) this.#release(); // closed meanwhile, another window may be on its way
        throw new CaptureError('crashed', 'The capture window could not be opened', error);
      });
      this.#opening = opening;
    }
    return this.#opening;
  }

  /** Also while it opens: a page that never loads must not be waited for. */
  async close(): Promise<void> {
    this.#release();
    this.#monitors?.close();
  }

  async displays(): Promise<readonly CaptureDisplay[]> {
    return (await this.#monitors?.displays()) ?? this.#electronDisplays();
  }

  #electronDisplays(): readonly CaptureDisplay[] {
    const primary = screen.getPrimaryDisplay().id;
    const displays = screen.getAllDisplays();
    const geometries = toPixels(displays);
    return displays.map((display, index) => {
      const geometry = geometries[index]!;
      return { id: String(display.id), isPrimary: display.id === primary, geometry, source: { id: String(display.id), geometry } };
    });
  }

  async select(source: string): Promise<void> {
    this.#selected = source;
    this.#refusal = undefined; // of an earlier display
  }

  async call(method: CapturePageMethod, argument?: unknown): Promise<unknown> {
    const window = this.#window;
    if (window === undefined) throw new CaptureError('crashed', 'The capture window is not open');
    let stopWaiting = (): void => undefined;
    const crashed = new Promise<never>((_resolve, reject) => {
      stopWaiting = this.#crashes.subscribe((reason) => reject(new CaptureError('crashed', `The capture window ended: ${reason}`)));
    });
    // Text, since an error thrown in the page keeps nothing else on its way here.
    const code = `window.srsCapture[${JSON.stringify(method)}](${argument === undefined ? '' : JSON.stringify(argument)})`;
    try {
      return await Promise.race([window.webContents.executeJavaScript(code, true), crashed]);
    } catch (error) {
      // The page only hears that it got nothing; why is known here.
      throw method === 'open' && this.#refusal !== undefined ? this.#refusal : error;
    } finally {
      stopWaiting();
    }
  }

  onMessage(listener: (message: unknown) => void): () => void {
    return this.#messages.subscribe(listener);
  }

  onCrashed(listener: (reason: string) => void): () => void {
    return this.#crashes.subscribe(listener);
  }

  /** Only of what `screen` does not tell: the host hears that itself and tells the recorder. */
  onDisplaysChanged(listener: () => void): () => void {
    return this.#displayChanges.subscribe(listener);
  }

  async #load(): Promise<void> {
    const { pagesDirectory } = this.#deps;
    const session = (this.#session ??= this.#prepareSession());
    const window = new BrowserWindow({
      show: false,
      width: 320,
      height: 180,
      skipTaskbar: true,
      webPreferences: {
        ...PAGE_PREFERENCES,
        session,
        preload: join(pagesDirectory, 'preload', 'capture.js'),
        // A hidden window would otherwise draw and encode once a second.
        backgroundThrottling: false,
      },
    });
    this.#window = window;
    window.webContents.on('render-process-gone', (_event, { reason }) => this.#crashed(window, reason));
    window.on('closed', () => this.#crashed(window, 'closed'));
    ipcMain.on(CAPTURE_CHANNEL, this.#onIpc);
    await window.loadURL(pageUrl('capture'));
  }

  #prepareSession(): Session {
    const session = sessions.fromPartition(PARTITION);
    servePage(session, 'capture', join(this.#deps.pagesDirectory, 'capture'));
    restrictPermissions(session, ['media', 'display-capture']);
    session.setDisplayMediaRequestHandler((request, answer) => {
      void this.#findSource().then((source) => {
        if (source === undefined || request.frame !== this.#window?.webContents.mainFrame) refuse(answer);
        else answer({ video: source });
      });
    });
    return session;
  }

  async #findSource(): Promise<Electron.DesktopCapturerSource | undefined> {
    this.#refusal = undefined;
    try {
      const sources = await desktopCapturer.getSources({ types: ['screen'], thumbnailSize: { width: 0, height: 0 } });
      const source = findSource(sources, this.#selected ?? '');
      if (source === undefined) this.#refusal = new CaptureError('noSource', 'The display is not among those the system lists');
      return source;
    } catch (error) {
      this.#deps.log.warn('the system lists no displays to record', { error });
      this.#refusal = new CaptureError(asksForConsent() ? 'permission' : 'noSource', 'The system gives no display to record', error);
      return undefined;
    }
  }

  readonly #onIpc = (event: IpcMainEvent, message: unknown): void => {
    if (event.senderFrame !== null && event.senderFrame === this.#window?.webContents.mainFrame) this.#messages.emit(message);
  };

  #crashed(window: BrowserWindow, reason: string): void {
    if (this.#window !== window) return;
    this.#release();
    this.#crashes.emit(reason);
  }

  #release(): void {
    const window = this.#window;
    this.#window = undefined;
    this.#opening = undefined;
    ipcMain.removeListener(CAPTURE_CHANNEL, this.#onIpc);
    if (window !== undefined && !window.isDestroyed()) window.destroy();
  }
}

type DisplayMediaAnswer = Parameters<NonNullable<Parameters<Session['setDisplayMediaRequestHandler']>[0]>>[1];

/** `null` refuses; an answer without the video that was asked for makes Electron throw where nobody can catch it. */
function refuse(answer: DisplayMediaAnswer): void {
  (answer as (streams: null) => void)(null);
}

/** Where a person, not this program, decides whether the screen may be seen. */
function asksForConsent(): boolean {
  return process.platform === 'darwin' || (process.platform === 'linux' && Boolean(process.env['WAYLAND_DISPLAY']));
}
