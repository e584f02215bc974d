import { join } from 'node:path';

/** What lies in the data directory, by name. What lies in a folder of these is its owner's. */
export interface DataPaths {
  readonly config: string;
  readonly spool: string;
  readonly certificate: string;
  /** The authority of the https endpoint, for whoever calls it. */
  readonly certificateAuthority: string;
  /** Protects `GET /status`. */
  readonly statusToken: string;
  /** Where the running service listens. */
  readonly endpoints: string;
  readonly logs: string;
  /** Says that the stored session is over while the keychain cannot be reached. */
  readonly sessionForgotten: string;
  /** Of the status window. */
  readonly windowBounds: string;
  /** The headless program's display and browser profiles. */
  readonly capture: string;
  readonly captureProfiles: string;
}

export function dataPaths(directory: string): DataPaths {
  const at = (...names: readonly string[]): string => join(directory, ...names);
  return {
    config: at('config.json'),
    spool: at('spool'),
    certificate: at('certificate'),
    certificateAuthority: at('certificate', 'ca.pem'),
    statusToken: at('status-token'),
    endpoints: at('endpoints.json'),
    logs: at('logs'),
    sessionForgotten: at('session-forgotten'),
    windowBounds: at('window.json'),
    capture: at('capture'),
    captureProfiles: at('capture', 'profiles'),
  };
}
