/**
 * - `permissionDenied`: the browser does not let this page reach programs on the agent's computer
 * - `unreachable`: nothing answered at the address, or it refuses this page's origin (a browser does not tell the two apart)
 * - `credentialsRefused`: user name or password are wrong, or not accepted by the recording server
 * - `forbidden`: the agent may not do this, or the origin or server is not allowed; the message says which
 * - `tooManyAttempts`: wait `retryAfterSeconds`
 * - `serverUnavailable`: the recording server did not answer; wait `retryAfterSeconds`
 * - `invalidRequest`: the service did not understand the request; a mistake in the agent desktop's configuration
 * - `sessionTaken`: another login on this computer took the session over
 * - `cookiesBlocked`: `authentication: 'cookie'` in a browser that blocks cookies of other sites
 * - `unexpectedAnswer`: something answered that is not the Screen Recording Service
 * - `aborted`: a later call took this one's place
 */
export type ClientErrorCode =
  | 'permissionDenied'
  | 'unreachable'
  | 'credentialsRefused'
  | 'forbidden'
  | 'tooManyAttempts'
  | 'serverUnavailable'
  | 'invalidRequest'
  | 'sessionTaken'
  | 'cookiesBlocked'
  | 'unexpectedAnswer'
  | 'aborted';

export interface ClientErrorDetails {
  readonly httpStatus?: number;
  /** The `statusCode` of the service's answer. */
  readonly statusCode?: number;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** Thrown by every call of the client. Go by `code`; the message is one sentence for the agent or the administrator, and holds no secret. */
export class ScreenRecordingClientError extends Error {
  readonly code: ClientErrorCode;
  readonly httpStatus: number | undefined;
  readonly statusCode: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ClientErrorCode, message: string, details: ClientErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ScreenRecordingClientError';
    this.code = code;
    this.httpStatus = details.httpStatus;
    this.statusCode = details.statusCode;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  /** Would the same call succeed later without anybody changing anything? */
  get isTemporary(): boolean {
    return this.code === 'unreachable' || this.code === 'serverUnavailable' || this.code === 'tooManyAttempts';
  }
}

export function isClientError(error: unknown, code?: ClientErrorCode): error is ScreenRecordingClientError {
  return error instanceof ScreenRecordingClientError && (code === undefined || error.code === code);
}
