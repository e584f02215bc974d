import type { ProblemCode, ProblemFacts, RaisedProblem } from './problem-catalogue';

/** Where a part says what a person should know (`problem-catalogue.ts`). At most one problem per code is shown; raising again replaces its facts. */
export interface ProblemReporter {
  raise<Code extends ProblemCode>(code: Code, facts: ProblemFacts<Code>): void;
  /** Does nothing when the problem is not there. */
  clear(code: ProblemCode): void;
}

/** For a problem that came as data, from a machine that decides. */
export function raiseAs(problems: ProblemReporter, { code, facts }: RaisedProblem): void {
  problems.raise(code, facts as never);
}
