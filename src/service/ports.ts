import type { Snapshot } from '../shared/snapshot';
import type { Unsubscribe } from '../shared/emitter';
import type { LoginRequest, SignedInSession } from '../session/ports';
import type { NamedServers } from '../session/server-gate';

export type { LoginRequest, SignedInSession } from '../session/ports';

/** What the api and the views may do with the service. */
export interface ScreenRecordingService {
  /** Before a login waits for its turn: throws `AppError` `invalidRequest` when no server is known, `serverRefused` for one that is not allowed. */
  checkServers(named: NamedServers): void;
  /** Waits for the outcome (local-api.md, *What login does*). Throws `RwsError`, and as `checkServers` does. */
  login(request: LoginRequest): Promise<SignedInSession>;
  /** Ends the session if it is still the current one. Resolves when the local logout is complete. */
  logout(sessionId: string): Promise<void>;
  /** The agent's session, if one is open; gone after logout, expiry and hot seat. Also present after a resume from the keychain. */
  current(): SignedInSession | undefined;
  /** Restarts the polling timer. Only for callers who proved to be the signed-in agent. */
  poll(sessionId: string): void;
  /**
   * Tries a waiting or quarantined recording again now, or all of them; on disk too when it resolves.
   * @returns how many there are of that media id, or in all
   */
  retryUploads(mediaId?: string): Promise<number>;
  snapshot(): Snapshot;
  onChange(listener: (snapshot: Snapshot) => void): Unsubscribe;
}
