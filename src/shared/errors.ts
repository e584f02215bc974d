/** Every reason an expected failure can have; views and tests go by these, never by the message. */
export type ErrorCode =
  | 'configuration'
  | 'portTaken'
  | 'invalidRequest'
  | 'serverRefused'
  | 'rws'
  | 'capture'
  | 'spool'
  | 'keychain'
  | 'upload'
  | 'certificate'
  | 'notRunning'
  | 'alreadyRunning'
  | 'dependencyMissing'
  | 'aborted'
  | 'internal';

export interface AppErrorOptions {
  readonly cause?: unknown;
  /** Would the same call succeed later without anybody changing anything? */
  readonly isRetryable?: boolean;
  /** Part of normal life (offline, refused, cancelled): shown and logged at info. Otherwise it is a fault. */
  readonly isExpected?: boolean;
}

/** The one error base. The message says what was tried, what happened and what to do; it holds no secret. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly isRetryable: boolean;
  readonly isExpected: boolean;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.isRetryable = options.isRetryable ?? false;
    this.isExpected = options.isExpected ?? true;
  }
}

export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/** The text of anything thrown, for logs; not for callers of the API. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
