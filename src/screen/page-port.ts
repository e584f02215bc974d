import type { CapturePageMethod } from '../shared/capture-contract';
import type { DisplayGeometry } from '../shared/display';
import type { Unsubscribe } from '../shared/emitter';

/** A browser process that shows the capture page: Electron's hidden window, or the system's Chromium. */
export interface CapturePagePort {
  /** Loads the page. Does nothing when it is loaded; loads it anew after a crash. Throws `CaptureError` or `AppError` `dependencyMissing`. */
  open(): Promise<void>;
  /** Ends the browser process or window, and whatever it left. */
  close(): Promise<void>;
  /** The displays there are now, the primary one marked. Called after `open`. */
  displays(): Promise<readonly CaptureDisplay[]>;
  /** The page's next `getDisplayMedia` is answered with this source (`CaptureSource.id`), without asking anybody. */
  select(source: string): Promise<void>;
  /** `window.srsCapture[method](argument)` with a user gesture; rejects with what the page threw, or when the page dies. */
  call(method: CapturePageMethod, argument?: unknown): Promise<unknown>;
  /** What the page emitted, as it came: `Uint8Array` for bytes, otherwise unchecked. */
  onMessage(listener: (message: unknown) => void): Unsubscribe;
  /** The page's process is gone, with a reason. Not called for `close`. */
  onCrashed(listener: (reason: string) => void): Unsubscribe;
  /** A display came, went or changed. Hosts that hear of it elsewhere (Electron's `screen`) may never call it. */
  onDisplaysChanged(listener: () => void): Unsubscribe;
}

export interface CaptureDisplay {
  readonly id: string;
  readonly isPrimary: boolean;
  readonly geometry: DisplayGeometry;
  /** What has to be asked for to see it; absent: the display itself. Several displays may lie in one source. */
  readonly source?: CaptureSource;
}

export interface CaptureSource {
  readonly id: string;
  /** The part of the desktop it shows. */
  readonly geometry: DisplayGeometry;
}
