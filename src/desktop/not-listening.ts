import { errnoOf } from '../lib/errno-of';
import { describeError, isAppError } from '../shared/errors';
import type { RaisedProblem } from '../shared/problem-catalogue';

/** What the tray shows of an API that cannot listen; `undefined` when that is not what went wrong. */
export function notListening(error: unknown): Extract<RaisedProblem, { code: 'portTaken' | 'portDenied' }> | undefined {
  if (!isAppError(error, 'portTaken')) return undefined;
  const facts = { reason: describeError(error) };
  return errnoOf(error.cause) === 'EACCES' ? { code: 'portDenied', facts } : { code: 'portTaken', facts };
}
