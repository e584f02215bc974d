import type { Credentials, RwsUser, SessionDetails } from '../rws/ports';
import type { Unsubscribe } from '../shared/emitter';
import type { ServerPair } from '../shared/server-pair';

/** Keeps the signed-in agent's session over a restart (config-and-cli.md, `credentialStore`). Holds at most one. */
export interface CredentialStore {
  save(session: StoredSession): Promise<void>;
  /** `undefined` when there is none. Throws `AppError` `keychain` when the keychain cannot be reached. */
  load(): Promise<StoredSession | undefined>;
  /** From the call on it is not loaded any more, by no later run either: also when the keychain cannot be reached. */
  clear(): Promise<void>;
  /** Called when a store that could not be reached may be there again. */
  onChange?(listener: () => void): Unsubscribe;
}

export interface StoredSession {
  readonly credentials: Credentials;
  readonly servers: ServerPair;
  readonly details: SessionDetails;
  /** The agent desktop has polled: after a restart its silence ends the session as before. */
  readonly hasPolled?: boolean;
}

/** A login of an agent desktop (local-api.md, *What login does*). */
export interface LoginRequest {
  readonly credentials: Credentials;
  /** From the login's configuration; what is absent comes from the configured values. */
  readonly server?: string;
  readonly peerServer?: string;
  readonly details: SessionDetails;
}

/** The agent's open session, as callers of the local API meet it. */
export interface SignedInSession {
  /** New for every session that was opened; the same while a repeated login keeps it. */
  readonly sessionId: string;
  readonly user: RwsUser;
  /** Constant-time comparison with the signed-in agent's own credentials. */
  verify(credentials: Credentials): boolean;
}
