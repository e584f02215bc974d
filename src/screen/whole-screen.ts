import type { ProblemReporter } from '../shared/problems';

/** Shows, or takes back, that a recording lacks a part of what the agent sees. */
export function reportWholeScreen(problems: ProblemReporter, isWhole: boolean): void {
  if (isWhole) {
    problems.clear('screenIncomplete');
    return;
  }
  problems.raise('screenIncomplete', {});
}
