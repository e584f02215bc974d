import { AppError } from './errors';

/** RWS status codes (rws.md, *Conventions*). */
export const RWS_STATUS = {
  ok: 0,
  parameterMissing: 1,
  parameterInvalid: 2,
  forbidden: 3,
  internalError: 4,
  notAuthorised: 5,
  notFound: 6,
  partlyOk: 7,
  passwordChangeNeeded: 8,
  alreadyExists: 18,
  notAuthenticated: 20,
} as const;

/** No answer makes us wait longer: RWS may say months by mistake, and a timer overflows after 24 days. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * - `unauthenticated`: HTTP 401, or 403 with code 20: log in again
 * - `refused`: any other final answer (4xx, 403 with another code, CSRF still refused after a refresh)
 * - `unavailable`: 408, 429, 5xx, time-out, refused or cut connection, name not found, proxy failure
 * - `broken`: an answer that is no envelope where one is needed (HTML, cut JSON)
 * - `tls`: the certificate was not accepted, or TLS is intercepted
 */
export type RwsErrorKind = 'unauthenticated' | 'refused' | 'unavailable' | 'broken' | 'tls';

export interface RwsErrorDetails {
  readonly kind: RwsErrorKind;
  readonly httpStatus?: number;
  /** The envelope's `statusCode`. */
  readonly statusCode?: number;
  /** The envelope's `statusMessage`, or one plain sentence. Holds no secret. */
  readonly statusMessage: string;
  /** At most `MAX_RETRY_AFTER_MS`. */
  readonly retryAfterMs?: number;
  /** Nothing came of it because there was no way to RWS: says nothing about what was to be sent. */
  readonly isLinkDown?: boolean;
  readonly cause?: unknown;
}

/** Thrown by everything that talks to RWS, for every failure but cancellation (that is `AppError` with code `aborted`). */
export class RwsError extends AppError {
  readonly kind: RwsErrorKind;
  readonly httpStatus: number | undefined;
  readonly statusCode: number | undefined;
  readonly statusMessage: string;
  readonly retryAfterMs: number | undefined;
  readonly isLinkDown: boolean;

  constructor(details: RwsErrorDetails) {
    super('rws', details.statusMessage, {
      cause: details.cause,
      isRetryable: details.kind === 'unavailable' || details.kind === 'broken',
    });
    this.kind = details.kind;
    this.httpStatus = details.httpStatus;
    this.statusCode = details.statusCode;
    this.statusMessage = details.statusMessage;
    this.retryAfterMs = details.retryAfterMs;
    this.isLinkDown = details.isLinkDown ?? false;
  }
}

export function isRwsError(error: unknown, kind?: RwsErrorKind): error is RwsError {
  return error instanceof RwsError && (kind === undefined || error.kind === kind);
}

/** Any failure on the way to RWS as an `RwsError`; what is none (a request cut from our side, say) may pass, and keeps its own words. */
export function toRwsError(error: unknown, fallback = 'The connection to RWS was lost.'): RwsError {
  if (isRwsError(error)) return error;
  const statusMessage = error instanceof Error && error.message !== '' ? error.message : fallback;
  return new RwsError({ kind: 'unavailable', statusMessage, cause: error });
}
