import type * as z from 'zod';
import type { configSchema } from '../config/schema';
import type { Snapshot } from '../shared/snapshot';

/** As in a configuration file (docs/configuration.schema.json); everything is optional. */
export type ServiceConfiguration = z.input<typeof configSchema>;

export interface ServiceOptions {
  /**
   * The only source of settings: no file and no `SRS_…` variable of this computer counts. Differs from a file in its defaults: any free http
   * port, no https, a data directory of its own that is removed at the end, credentials in memory, 50 MB left free on the disk.
   */
  readonly configuration?: ServiceConfiguration;
  /** Start an Xvfb where the environment names no display (Linux); default `true`. */
  readonly virtualDisplay?: boolean;
  /** Gets each line of the log, as JSON; default: nobody. */
  readonly onLog?: (line: string) => void;
}

/** A service that runs in this process, without Electron; the system's Chromium captures the screen. */
export interface RunningService {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Every address it listens on, https last. */
  readonly urls: readonly string[];
  readonly dataDirectory: string;
  /** What `GET /status` says. */
  status(): Snapshot;
  /** Called with each change, the whole status each time. @returns ends the subscription */
  onStatus(listener: (status: Snapshot) => void): () => void;
  /**
   * Waits for a state: at once when it holds already. Throws after `timeoutMs` (default 30 000) with the last status.
   * @param what for the error's text, such as `an open session`
   */
  waitFor(what: string, holds: (status: Snapshot) => boolean, timeoutMs?: number): Promise<Snapshot>;
  /** Finishes a running recording, ends the agent's session, removes a data directory of its own. Memoised. */
  stop(): Promise<void>;
}
