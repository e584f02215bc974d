import { BrowserWindow, ipcMain, nativeTheme, screen, session as sessions, type Rectangle, type Session } from 'electron';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readJsonFile, writeJsonFile } from '../../lib/json-file';
import type { Logger } from '../../lib/logger';
import type { WindowEvents } from '../../shared/ipc-contract';
import type { Snapshot } from '../../shared/snapshot';
import type { Translator } from '../../shared/translate';
import { handleRequests, type RequestHandlers } from '../ipc/handle-requests';
import { omitUndefined } from '../../shared/omit-undefined';
import { pageUrl, servePage } from './app-protocol';
import { PAGE_PREFERENCES, restrictPermissions } from './page-security';
import { frameAround, MINIMUM_SIZE, placeWindow, windowBoundsSchema } from './window-bounds';

export interface StatusWindowDeps {
  /** Holds `renderer/` and `preload/`. */
  readonly pagesDirectory: string;
  /** Where the window was. */
  readonly boundsFile: string;
  /** Linux knows a window's icon only from the window; elsewhere it is the program's. */
  readonly icon?: string;
  readonly translator: Translator;
  readonly snapshot: () => Snapshot;
  readonly handlers: Omit<RequestHandlers, 'window:begin'>;
  readonly log: Logger;
}

const PARTITION = 'window';
const MAX_CRASHES = 3;

/**
 * The status window. It exists only while it is open, so that it costs nothing the rest of the day. INVARIANT: a snapshot goes to the
 * page only while the page can be seen, and at once when it can be seen again.
 */
export class StatusWindow {
  readonly #deps: StatusWindowDeps;
  #session: Session | undefined;
  #window: BrowserWindow | undefined;
  #showing: Promise<void> | undefined;
  #stopHandling: (() => void) | undefined;
  #crashes = 0;
  /** Known before the file is written. */
  #bounds: Rectangle | undefined;

  constructor(deps: StatusWindowDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopHandling ??= handleRequests({
      ipcMain,
      trustedFrame: () => this.#window?.webContents.mainFrame,
      handlers: { ...this.#deps.handlers, 'window:begin': () => this.#begin() },
      log: this.#deps.log,
    });
  }

  /** Opens the window, or brings the open one to the front. */
  show(): Promise<void> {
    const window = this.#window;
    if (window !== undefined && this.#showing === undefined) {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      return Promise.resolve();
    }
    return this.#openOnce(true);
  }

  /** Opens the window, or raises the open one, without taking the keyboard from the program that has it. */
  showBeside(): Promise<void> {
    const window = this.#window;
    if (window !== undefined && this.#showing === undefined) {
      window.showInactive();
      window.moveTop();
      return Promise.resolve();
    }
    return this.#openOnce(false);
  }

  #openOnce(takesFocus: boolean): Promise<void> {
    this.#showing ??= this.#open(takesFocus).finally(() => {
      this.#showing = undefined;
    });
    return this.#showing;
  }

  update(snapshot: Snapshot): void {
    if (this.#window?.isVisible() && !this.#window.isMinimized()) this.#send('snapshot:changed', snapshot);
  }

  async stop(): Promise<void> {
    this.#stopHandling?.();
    this.#stopHandling = undefined;
    const window = this.#window;
    this.#window = undefined;
    if (window === undefined || window.isDestroyed()) return;
    const bounds = window.getNormalBounds();
    window.destroy();
    await this.#remember(bounds);
  }

  async #open(takesFocus: boolean): Promise<void> {
    const { pagesDirectory, translator, icon, log } = this.#deps;
    const session = (this.#session ??= this.#prepareSession());
    const place = placeWindow(
      await this.#rememberedBounds(),
      screen.getAllDisplays().map(({ workArea }) => workArea),
      frameAround(process.platform),
    );
    const window = new BrowserWindow({
      ...place,
      minWidth: MINIMUM_SIZE.width,
      minHeight: MINIMUM_SIZE.height,
      show: false,
      title: translator.text('window.title'),
      ...omitUndefined({ icon }),
      autoHideMenuBar: true,
      fullscreenable: false,
      // The page's own background, so that a dark window does not flash white.
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#1c1f24' : '#f7f8fa',
      webPreferences: { ...PAGE_PREFERENCES, session, preload: join(pagesDirectory, 'preload', 'window.js') },
    });
    this.#window = window;
    // Nothing keeps it open any more: whoever wants the window from here on gets a new one.
    window.once('close', () => {
      void this.#remember(window.getNormalBounds());
      this.#forget(window);
    });
    window.once('closed', () => this.#forget(window));
    window.on('show', () => this.update(this.#deps.snapshot()));
    window.on('restore', () => this.update(this.#deps.snapshot()));
    window.webContents.on('render-process-gone', (_event, { reason }) => this.#crashed(window, reason));
    window.once('ready-to-show', () => (takesFocus ? window.show() : window.showInactive()));
    await window.loadURL(pageUrl('window')).catch((error: unknown) => log.error('the status window could not be loaded', { error }));
  }

  #prepareSession(): Session {
    const session = sessions.fromPartition(PARTITION);
    servePage(session, 'window', join(this.#deps.pagesDirectory, 'renderer'));
    restrictPermissions(session);
    return session;
  }

  #begin(): { snapshot: Snapshot; locale: string; messages: Translator['messages'] } {
    const { translator, snapshot } = this.#deps;
    return { snapshot: snapshot(), locale: translator.locale, messages: translator.messages };
  }

  /** A page that dies is opened anew, but not for ever. */
  #crashed(window: BrowserWindow, reason: string): void {
    if (this.#window !== window || reason === 'clean-exit') return;
    this.#crashes += 1;
    this.#deps.log.error('the status window crashed', { reason, crashes: this.#crashes });
    const bounds = window.getNormalBounds();
    window.destroy();
    this.#window = undefined;
    if (this.#crashes <= MAX_CRASHES) void this.#remember(bounds).then(() => this.show());
  }

  #forget(window: BrowserWindow): void {
    if (this.#window === window) this.#window = undefined;
  }

  #send<C extends keyof WindowEvents>(channel: C, payload: WindowEvents[C]): void {
    const contents = this.#window?.webContents;
    if (contents !== undefined && !contents.isCrashed()) contents.send(channel, payload);
  }

  async #rememberedBounds(): Promise<Rectangle | undefined> {
    return this.#bounds ?? readJsonFile(this.#deps.boundsFile, windowBoundsSchema).catch(() => undefined); // unreadable: the default place will do
  }

  async #remember(bounds: Rectangle): Promise<void> {
    this.#bounds = bounds;
    try {
      await mkdir(dirname(this.#deps.boundsFile), { recursive: true, mode: 0o700 });
      await writeJsonFile(this.#deps.boundsFile, bounds);
    } catch (error) {
      this.#deps.log.info('the window’s place was not kept', { error });
    }
  }
}
