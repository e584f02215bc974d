import { describeError, isAppError } from '../shared/errors';
import type { Problem } from '../shared/snapshot';

/** What the tray shows of an API that cannot listen; `undefined` when that is not what went wrong. */
export function notListening(error: unknown): Omit<Problem, 'since'> | undefined {
  if (!isAppError(error, 'portTaken')) return undefined;
  const isDenied = (error.cause as NodeJS.ErrnoException | undefined)?.code === 'EACCES';
  return isDenied
    ? { code: 'portDenied', text: describeError(error), remedy: 'Set another port, then restart this program.' }
    : { code: 'portTaken', text: describeError(error), remedy: 'Close the other program, then restart this one.' };
}
