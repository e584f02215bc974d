import type { Logger } from '../lib/logger';
import type { CaptureDisplay } from '../screen/page-port';
import type { DisplayGeometry } from '../shared/display';
import { COVER_MONITOR, XMonitors, type XMonitor } from '../x11/x-monitors';

/** Chromium's name for the one screen there is. With more it names them `Screen 1`, `Screen 2`, in the server's order. */
const ONLY_SCREEN = 'Entire screen';
/** The flag that picks a source takes one per process, so several monitors are captured as this one. */
const COVER = COVER_MONITOR;

export interface ScreenSourceListener {
  onDisplaysChanged(): void;
  /** The X server is gone, and with it what was known of it. */
  onLost(): void;
}

/** What there is to capture on an X server, and by what name Chromium knows it. */
export class ScreenSource {
  readonly #display: XMonitors;
  readonly #log: Logger;
  #known = '';

  private constructor(display: XMonitors, log: Logger) {
    this.#display = display;
    this.#log = log;
  }

  static async open(display: string, log: Logger, { onDisplaysChanged, onLost }: ScreenSourceListener): Promise<ScreenSource> {
    let source: ScreenSource | undefined;
    const x = await XMonitors.open(display, () => void source?.check(onDisplaysChanged), onLost);
    source = new ScreenSource(x, log);
    // Chromium's list of windows asks for this atom and dies if no window manager ever named it (seen with 156 on a bare Xvfb).
    await x.internAtom('WM_STATE');
    source.#known = await source.#fingerprint();
    return source;
  }

  /** Prepares the server and says which source Chromium has to take. */
  async name(): Promise<string> {
    const monitors = await this.#monitors();
    if (monitors.length < 2) {
      await this.#removeCover();
      return ONLY_SCREEN;
    }
    const { width, height } = await this.#display.size();
    const all = await this.#display.monitors();
    const cover = all.find((monitor) => monitor.name === COVER);
    if (cover !== undefined && (cover.geometry.width !== width || cover.geometry.height !== height))
      await this.#display.deleteMonitor(COVER);
    await this.#display.setMonitor(COVER, { x: 0, y: 0, width, height });
    return `Screen ${(await this.#display.monitors()).findIndex((monitor) => monitor.name === COVER) + 1}`;
  }

  /** The origin is the primary display's corner. All of them lie in one source. */
  async displays(): Promise<readonly CaptureDisplay[]> {
    const monitors = await this.#monitors();
    const primary = monitors.find((monitor) => monitor.isPrimary) ?? monitors[0];
    if (primary === undefined) return [];
    const { x, y } = primary.geometry;
    const whole = monitors.length === 1 ? primary.geometry : { x: 0, y: 0, ...(await this.#display.size()) };
    const moved = (area: DisplayGeometry): DisplayGeometry => ({ ...area, x: area.x - x, y: area.y - y });
    return monitors.map((monitor) => ({
      id: monitor.name,
      isPrimary: monitor === primary,
      geometry: moved(monitor.geometry),
      source: { id: 'screen', geometry: moved(whole) },
    }));
  }

  async check(onDisplaysChanged: () => void): Promise<void> {
    try {
      const now = await this.#fingerprint();
      if (now === this.#known) return;
      this.#known = now;
      onDisplaysChanged();
    } catch (error) {
      this.#log.info('the X server did not tell its monitors', { error });
    }
  }

  /** Only the windows of X programs are in it. */
  isXwayland(): Promise<boolean> {
    return this.#display.isXwayland();
  }

  async close(): Promise<void> {
    await this.#removeCover().catch(() => undefined); // the server is gone, and the monitor with it
    this.#display.close();
  }

  async #removeCover(): Promise<void> {
    // Also one that a killed process left.
    const isThere = (await this.#display.monitors()).some((monitor) => monitor.name === COVER);
    if (!isThere) return;
    await this.#display.deleteMonitor(COVER);
    // With the reply to a later request this one has been carried out.
    await this.#display.size();
  }

  async #monitors(): Promise<readonly XMonitor[]> {
    return (await this.#display.monitors()).filter((monitor) => monitor.name !== COVER);
  }

  async #fingerprint(): Promise<string> {
    return JSON.stringify(await this.displays());
  }
}
