import type { ScreenRecordingClientError } from './errors';
import type { LoopbackAccess } from './loopback-access';

export interface AgentCredentials {
  readonly userName: string;
  readonly password: string;
}

/** What a login may say beyond who the agent is (Client Login API, *Login Request with Configuration*). Everything is optional. */
export interface LoginConfiguration {
  /** The recording server's address and port. */
  readonly server?: string;
  /** The same in the backup data centre. */
  readonly peerServer?: string;
  readonly place?: string;
  readonly devices?: readonly { readonly dn: string; readonly switch: string }[];
}

export interface SignedInUser {
  readonly userName: string;
  readonly firstName?: string;
  readonly lastName?: string;
}

export type ClientState =
  | { readonly status: 'signedOut' }
  /** `access` says whether the browser is about to ask the agent; it is absent until that is known. */
  | { readonly status: 'signingIn'; readonly access?: LoopbackAccess }
  | { readonly status: 'signedIn'; readonly user: SignedInUser; readonly lastPoll?: Date }
  /** The service does not answer, or has no session for the agent: tried again by itself. */
  | { readonly status: 'reconnecting'; readonly user: SignedInUser; readonly since: Date; readonly error: ScreenRecordingClientError }
  | { readonly status: 'signingOut'; readonly user: SignedInUser }
  /** Given up: somebody has to do something, then call `login()` again. */
  | { readonly status: 'failed'; readonly error: ScreenRecordingClientError };

export interface ScreenRecordingClientOptions {
  /** Where the service listens; default `http://127.0.0.1:8080`. Write `127.0.0.1`, not `localhost`: browsers treat only the literal as safe from an https page. */
  readonly baseUrl?: string;
  /** Asked at every login, automatic ones included, so that the password need not be kept by the page. */
  readonly credentials: () => AgentCredentials | Promise<AgentCredentials>;
  readonly configuration?: LoginConfiguration | (() => LoginConfiguration);
  /** Ask for protection against forged requests (`X-Support-CSRFP`); default `true`. */
  readonly supportCsrf?: boolean;
  /**
   * How polls and the logout prove who they are. `basic` (default) keeps the credentials in memory; `cookie` forgets them after the login, and needs a
   * browser that allows cookies of other sites.
   */
  readonly authentication?: 'basic' | 'cookie';
  /** Must stay below the service's `pingTimeoutSeconds` (60 by default); default 20. */
  readonly pingIntervalSeconds?: number;
  /** Give up waiting for an answer after this long; default 30. A login may take 20 s at the service. */
  readonly timeoutSeconds?: number;
  /** Every change, each time the whole state. */
  readonly onState?: (state: ClientState) => void;
  /** Sent as `Origin`. Only outside a browser, which sends its own. */
  readonly origin?: string;
  readonly fetch?: typeof fetch;
  readonly timers?: Timers;
}

/** Time as the client sees it. */
export interface Timers {
  /** Calls `callback` every `ms` milliseconds until the returned function is called. */
  every(ms: number, callback: () => void): () => void;
  now(): Date;
}

export interface ScreenRecordingClient {
  readonly state: ClientState;
  /** Signs the agent in and starts polling. Throws `ScreenRecordingClientError`. */
  login(): Promise<SignedInUser>;
  /** Ends the session. Afterwards the client is signed out in any case; throws when the service could not be told. */
  logout(): Promise<void>;
  /** The service's version, `8.5.zyy.xx`. Needs no login. */
  version(): Promise<string>;
  /** Whether this page may reach the service, and what to do if not. Asks nobody anything. */
  loopbackAccess(): Promise<LoopbackAccess>;
  /** Stops polling without a logout: the session ends by itself after the service's time-out. */
  stop(): void;
}
