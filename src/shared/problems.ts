import type { Problem, ProblemCode } from './snapshot';

/** Where a part says what a person should know. At most one problem per code is shown; raising again replaces the text. */
export interface ProblemReporter {
  raise(problem: Omit<Problem, 'since'>): void;
  /** Does nothing when the problem is not there. */
  clear(code: ProblemCode): void;
}
