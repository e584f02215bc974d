import { AppError } from '../shared/errors';
import { RWS_STATUS } from '../shared/rws-error';

export interface Refusal {
  readonly httpStatus: number;
  /** The envelope's `statusCode`, in RWS's table. */
  readonly statusCode: number;
  /** One plain sentence for whoever builds the agent desktop. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by middleware and routes for every request that is not granted; the error middleware turns it into the answer. */
export class ApiError extends AppError {
  readonly httpStatus: number;
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ httpStatus, statusCode, message, headers = {} }: Refusal) {
    super('invalidRequest', message);
    this.httpStatus = httpStatus;
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

/** 401 always reads the same: it does not say whether anybody is signed in, nor what was wrong. */
export function notAuthenticated(): ApiError {
  return new ApiError({ httpStatus: 401, statusCode: RWS_STATUS.notAuthenticated, message: 'Not authenticated.' });
}

export function originRefused(): ApiError {
  return new ApiError({ httpStatus: 403, statusCode: RWS_STATUS.forbidden, message: 'This origin is not allowed.' });
}

export function invalidParameter(field: string, expected: string): ApiError {
  return new ApiError({ httpStatus: 400, statusCode: RWS_STATUS.parameterInvalid, message: `Parameter ${field} is invalid: ${expected}.` });
}

export function retryAfter(ms: number): Record<string, string> {
  return { 'Retry-After': String(Math.min(3600, Math.max(1, Math.ceil(ms / 1000)))) };
}
