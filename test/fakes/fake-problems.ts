import { describeRaised, type ProblemCode, type ProblemFacts, type RaisedProblem } from '../../src/shared/problem-catalogue';
import type { ProblemReporter } from '../../src/shared/problems';
import type { Problem } from '../../src/shared/snapshot';

/** Keeps what was raised and not cleared. */
export class FakeProblems implements ProblemReporter {
  readonly raised = new Map<ProblemCode, Omit<Problem, 'since'>>();

  raise<Code extends ProblemCode>(code: Code, facts: ProblemFacts<Code>): void {
    const { text, remedy } = describeRaised({ code, facts } as RaisedProblem);
    this.raised.set(code, { code, text, remedy });
  }

  clear(code: ProblemCode): void {
    this.raised.delete(code);
  }
}
