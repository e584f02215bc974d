import type { ProblemReporter } from '../../src/shared/problems';
import type { Problem, ProblemCode } from '../../src/shared/snapshot';

/** Keeps what was raised and not cleared. */
export class FakeProblems implements ProblemReporter {
  readonly raised = new Map<ProblemCode, Omit<Problem, 'since'>>();

  raise(problem: Omit<Problem, 'since'>): void {
    this.raised.set(problem.code, problem);
  }

  clear(code: ProblemCode): void {
    this.raised.delete(code);
  }
}
