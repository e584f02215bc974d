import { PortRefusedError } from '../lib/port-refusal';
import { describeError, isAppError } from '../shared/errors';
import type { RaisedProblem } from '../shared/problem-catalogue';

/** What the tray shows of an API that cannot listen; `undefined` when that is not what went wrong. */
export function notListening(error: unknown): Extract<RaisedProblem, { code: 'portTaken' | 'portDenied' }> | undefined {
  if (error instanceof PortRefusedError) return error.problem;
  return isAppError(error, 'portTaken') ? { code: 'portTaken', facts: { reason: describeError(error) } } : undefined;
}
