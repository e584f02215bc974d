import type { Logger } from '../../lib/logger';
import type { CaptureDisplay } from '../../screen/page-port';
import { XMonitors, type XMonitor } from '../../x11/x-monitors';
import { monitorSourceId } from './find-source';

export interface XMonitorsDeps {
  /** X display such as `:0`. */
  readonly display: string;
  readonly log: Logger;
  readonly onChanged: () => void;
}

/**
 * The monitors of the X server (RANDR 1.5) as displays to record. Electron's `screen` knows outputs only: a monitor that was set by hand, or by
 * a remote desktop, is none, while the sources it records are monitors. The two would be matched wrongly.
 */
export class WatchedMonitors {
  readonly #deps: XMonitorsDeps;
  #opening: Promise<XMonitors> | undefined;
  #known = '';

  constructor(deps: XMonitorsDeps) {
    this.#deps = deps;
  }

  /** The origin is the primary monitor's corner. `undefined` when the server does not tell its monitors. */
  async displays(): Promise<readonly CaptureDisplay[] | undefined> {
    try {
      const displays = captureDisplays(await (await this.#open()).monitors());
      this.#known = displays === undefined ? '' : JSON.stringify(displays);
      return displays;
    } catch (error) {
      this.#deps.log.info('the X server does not tell its monitors', { error });
      return undefined;
    }
  }

  close(): void {
    const opening = this.#opening;
    this.#opening = undefined;
    void opening?.then((x) => x.close()).catch(() => undefined); // it never opened
  }

  #open(): Promise<XMonitors> {
    if (this.#opening === undefined) {
      const forget = (): void => void (this.#opening = undefined);
      this.#opening = XMonitors.open(this.#deps.display, () => void this.#look(), forget);
      this.#opening.catch(forget); // asked again the next time
    }
    return this.#opening;
  }

  /** Something happened on the server. */
  async #look(): Promise<void> {
    const before = this.#known;
    if (before === '' || this.#opening === undefined) return;
    await this.displays();
    if (this.#known !== before) this.#deps.onChanged();
  }
}

/** `undefined` for a server without RANDR: there Electron records the whole of it. */
function captureDisplays(monitors: readonly XMonitor[]): readonly CaptureDisplay[] | undefined {
  const primary = monitors.find(({ isPrimary }) => isPrimary) ?? monitors[0];
  if (primary === undefined || monitors.some(({ atom }) => atom === undefined)) return undefined;
  return monitors.map((monitor) => {
    const { x, y, width, height } = monitor.geometry;
    const geometry = { x: x - primary.geometry.x, y: y - primary.geometry.y, width, height };
    return { id: monitor.name, isPrimary: monitor === primary, geometry, source: { id: monitorSourceId(monitor.atom ?? 0), geometry } };
  });
}
