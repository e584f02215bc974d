import { type ClientErrorCode, ScreenRecordingClientError } from './errors';
import type { SignedInUser } from './types';

/** An answer of the service, its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const CODES: Readonly<Record<number, ClientErrorCode>> = {
  401: 'credentialsRefused',
  403: 'forbidden',
  429: 'tooManyAttempts',
  503: 'serverUnavailable',
};
const MISTAKES: readonly number[] = [400, 404, 405, 413, 415, 421];

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined; // whatever answered is judged by its status
  }
  return { status: response.status, headers: response.headers, body };
}

/** The error an answer other than 200 stands for. */
export function toClientError({ status, headers, body }: Answer): ScreenRecordingClientError {
  const code = CODES[status] ?? (MISTAKES.includes(status) ? 'invalidRequest' : 'unexpectedAnswer');
  const message = field(body, 'statusMessage');
  const statusCode = field(body, 'statusCode');
  const retryAfter = Number(headers.get('Retry-After') ?? Number.NaN);
  return new ScreenRecordingClientError(
    code,
    typeof message === 'string' && message !== '' ? message : `The Screen Recording Service answered with status ${status}.`,
    {
      httpStatus: status,
      ...(typeof statusCode === 'number' ? { statusCode } : {}),
      ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
    },
  );
}

export function readUser({ status, body }: Answer): SignedInUser {
  const user = field(body, 'user');
  const userName = field(user, 'userName');
  if (typeof userName !== 'string') throw unexpected(status);
  const firstName = field(user, 'firstName');
  const lastName = field(user, 'lastName');
  return { userName, ...(typeof firstName === 'string' ? { firstName } : {}), ...(typeof lastName === 'string' ? { lastName } : {}) };
}

export function readVersion({ status, body }: Answer): string {
  const version = field(body, 'version');
  if (typeof version !== 'string') throw unexpected(status);
  return version;
}

/** The CSRF header to send back: its name and the token (Client Login API, `X-Support-CSRFP`). */
export function readCsrf({ headers }: Answer): readonly [name: string, token: string] | undefined {
  const name = headers.get('X-CSRF-HEADER');
  const token = name === null ? null : headers.get(name);
  return name === null || token === null ? undefined : [name, token];
}

function unexpected(status: number): ScreenRecordingClientError {
  return new ScreenRecordingClientError(
    'unexpectedAnswer',
    'Something answered that is not the Screen Recording Service. Is the port right?',
    {
      httpStatus: status,
    },
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
