import type { Readable } from 'node:stream';

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
  /** Headers for a client that sends by itself (tus): Authorization, Cookie, the CSRF header. Never logged. */
  requestHeaders(url: string): Promise<Record<string, string>>;
  /** Takes cookies and the CSRF token out of an answer that another client received. */
  noteResponse(url: string, headers: RwsHeaders): Promise<void>;
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
