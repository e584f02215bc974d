import type { Device } from '../shared/agent';
import type { Unsubscribe } from '../shared/emitter';
import type { RecordingCommand, StateReport } from '../shared/recording';
import type { RwsError } from '../shared/rws-error';
import type { ServerPair } from '../shared/server-pair';
import type { Secret } from '../lib/secret';
import type { RwsHttp } from '../rws/ports';

export interface Credentials {
  readonly userName: string;
  readonly password: Secret;
}

/** `user` of `GET /api/v2/me` at RWS. */
export interface RwsUser {
  readonly id?: string;
  readonly userName: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly contactCenterId?: string;
}

/** Where the agent sits (Client Login API, *Login Request with Configuration*). */
export interface SessionDetails {
  readonly place?: string;
  readonly devices: readonly Device[];
}

/** The way to RWS (rws.md, *Sequence*). */
export interface RwsGateway {
  /**
   * Step 1: validates the agent. Throws `RwsError`; credentials that RWS refused are tried once more within 30 minutes, whoever uses them,
   * and then refused here (rws.md, *Conventions*).
   * @param servers the pair it is one of; default: `server` alone
   */
  signIn(server: string, credentials: Credentials, signal: AbortSignal, servers?: ServerPair): Promise<RwsLogin>;
  /** A login asks with these credentials, or a person for all of them: what RWS refused before may be tried again. */
  forgiveRefusals(credentials?: Credentials): void;
  /** The unauthenticated version probe; `true` when the server answers it with 2xx in time. */
  isReachable(server: string, signal: AbortSignal): Promise<boolean>;
}

/** Credentials that one server has accepted; no session yet. */
export interface RwsLogin {
  readonly user: RwsUser;
  readonly http: RwsHttp;
  /** Steps 2 and 3: session start, CometD handshake and subscription. Throws `RwsError`. Events may arrive before it resolves. */
  openSession(details: SessionDetails, listener: RwsSessionListener, signal: AbortSignal): Promise<RwsSession>;
  /** Drops sockets and cookies. */
  discard(): void;
}

export interface RwsSession {
  readonly user: RwsUser;
  readonly http: RwsHttp;
  report(report: StateReport): Promise<void>;
  /** Forgets back-off and connects at once (after wake or a network change). */
  reconnectNow(): void;
  /** Step 5: EndContactCenterSession and CometD disconnect; resolves when both were answered, throws `RwsError` when not. */
  end(signal: AbortSignal): Promise<void>;
  /** Drops everything at once without a word to RWS. Safe in any state. */
  discard(): void;
}

export interface RwsSessionListener {
  onCommand(command: RecordingCommand): void;
  /** A poll of CometD was answered. */
  onContact(): void;
  /** The connection broke; it is being mended inside. Called once per outage. */
  onInterrupted(reason: RwsError): void;
  /** Handshake and subscription are back. */
  onRestored(): void;
  /** It cannot be mended inside (credentials refused, session gone for good): the runner decides. */
  onEnded(reason: RwsError): void;
}

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
