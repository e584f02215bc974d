import type { Readable } from 'node:stream';
import type { Secret } from '../lib/secret';
import type { Device } from '../shared/agent';
import type { RecordingCommand, StateReport } from '../shared/recording';
import type { RwsError } from '../shared/rws-error';
import type { ServerPair } from '../shared/server-pair';

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
  /** RWS refused `rws.startOperation`; the session goes on without it. */
  onStartRefused(reason: RwsError): void;
  /** A poll of CometD was answered. */
  onContact(): void;
  /** The connection broke; it is being restored inside. Called once per outage. */
  onInterrupted(reason: RwsError): void;
  /** Handshake and subscription are back. */
  onRestored(): void;
  /** It cannot be restored inside (credentials refused, session gone for good): the runner decides. */
  onEnded(reason: RwsError): void;
}

/**
 * Authenticated HTTP to one RWS server as one agent: Basic, the session's one cookie jar, CSRF by indirection, envelope and
 * time-outs are handled inside (rws.md, *Conventions*). Shared by REST calls, CometD and uploads of a session.
 */
export interface RwsHttp {
  /** Origin and base path without a trailing slash, such as `https://rws.example.com`. */
  readonly server: string;
  readonly userName: string;
  /**
   * Resolves for success (2xx with no envelope or statusCode 0 or 7). Throws `RwsError` for every other answer and every network
   * failure; `AppError` `aborted` when the signal fired. A CSRF refusal is refreshed and tried once more inside, unless the body is a stream.
   */
  request(request: RwsRequest, signal?: AbortSignal): Promise<RwsResponse>;
  /** Validates the credentials anew (GET me) and refreshes the CSRF token. Throws `RwsError`. */
  refresh(signal?: AbortSignal): Promise<void>;
}

export type RwsHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface RwsRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'OPTIONS' | 'HEAD' | 'PATCH';
  /** Path below `server`, beginning with `/`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: RwsBody;
  /** Of silence on the wire, both ways. Default `rws.timeoutSeconds`. */
  readonly idleTimeoutMs?: number;
  /** For the whole exchange. Default `rws.timeoutSeconds` unless the body is a stream, which has none. */
  readonly totalTimeoutMs?: number;
}

export type RwsBody =
  | { readonly json: unknown }
  /** `open` is called for each attempt. The length is sent as Content-Length. */
  | { readonly open: () => Readable; readonly length: number; readonly contentType: string };

export interface RwsResponse {
  readonly status: number;
  readonly headers: RwsHeaders;
  /** The parsed JSON, or `undefined` when the body is empty or no JSON. */
  readonly body: unknown;
}
