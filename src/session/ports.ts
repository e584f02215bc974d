import type { Credentials, RwsLogin, RwsUser, SessionDetails } from '../rws/ports';
import type { Unsubscribe } from '../shared/emitter';
import type { ServerPair } from '../shared/server-pair';

/** Keeps the signed-in agent's session over a restart (config-and-cli.md, `credentialStore`). Holds at most one. */
export interface CredentialStore {
  save(session: StoredLogin): Promise<void>;
  /** `undefined` when there is none. Throws `AppError` `keychain` when the keychain cannot be reached. */
  load(): Promise<StoredLogin | undefined>;
  /** From the call on it is not loaded any more, by no later run either: also when the keychain cannot be reached. */
  clear(): Promise<void>;
  /** Called when a store that could not be reached may be there again. */
  onChange?(listener: () => void): Unsubscribe;
}

/** What is kept of a login for a later run. */
export interface StoredLogin {
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
  /** Pairs to try after that one, in this order. */
  readonly otherPairs?: readonly ServerPair[];
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

/** What a session needs of the parts around it. */
export interface SessionHooks {
  /** Finishes a running recording and keeps it; resolves when it is safe on disk. */
  finishRecording(reason: string): Promise<void>;
  isRecording(): boolean;
  /** A session is over: the upload queue may go on with `login.http`, and discards the login when it has done. */
  releaseLogin(login: RwsLogin, servers: ServerPair): void;
  openedLogin(login: RwsLogin, servers: ServerPair): void;
}
