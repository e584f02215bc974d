import type { WindowAction } from './actions';
import type { Snapshot } from './snapshot';
import type { Messages } from './translate';

/**
 * Everything that crosses between the main process and the status window. Names are `area:verb`.
 * The main process checks every argument against a schema (`src/desktop/ipc/schemas.ts`) and every sender.
 */
export interface WindowRequests {
  /** The page is ready for its texts and its first snapshot. */
  'window:begin': () => WindowBegin;
  'action:run': (action: WindowAction) => void;
  'upload:retry': (mediaId: string) => void;
}

export interface WindowEvents {
  'snapshot:changed': Snapshot;
}

export interface WindowBegin {
  readonly snapshot: Snapshot;
  readonly locale: string;
  readonly messages: Messages;
}

/** What the preload gives the page as `window.srs`: nothing else of Electron or Node is in reach. */
export interface WindowBridge {
  begin(): Promise<WindowBegin>;
  onSnapshot(listener: (snapshot: Snapshot) => void): void;
  run(action: WindowAction): Promise<void>;
  retryUpload(mediaId: string): Promise<void>;
}
