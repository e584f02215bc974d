import { AppError } from '../shared/errors';
import type { RaisedProblem } from '../shared/problem-catalogue';

/**
 * - `diskFloor`: less free space than `spool.minFreeMegabytes`
 * - `spoolFull`: unsent recordings fill `spool.maxMegabytes`
 * - `noKey`: no keychain, and policy forbids the key file
 * - `damaged`: sealed bytes that cannot be read back
 * - `io`: the disk refused
 */
export type StoreFailure = 'diskFloor' | 'spoolFull' | 'noKey' | 'damaged' | 'io';

/** Thrown by the spool; the message is what a person reads. */
export class StoreError extends AppError {
  readonly failure: StoreFailure;
  /** As it is shown, where more is known than the message. */
  readonly problem: RaisedProblem | undefined;

  constructor(failure: StoreFailure, message: string, cause?: unknown, problem?: RaisedProblem) {
    super('spool', message, { cause });
    this.failure = failure;
    this.problem = problem;
  }
}
