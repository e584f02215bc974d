import { isoNow, type Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { ProblemReporter } from '../shared/problems';
import type { Problem, ProblemCode } from '../shared/snapshot';

/** The problems a person is shown, oldest first, one per code. */
export class ProblemList implements ProblemReporter {
  readonly #problems = new Map<ProblemCode, Problem>();
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #onChange: () => void;

  constructor(deps: { readonly clock: Clock; readonly log: Logger; readonly onChange: () => void }) {
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#onChange = deps.onChange;
  }

  get all(): readonly Problem[] {
    return [...this.#problems.values()];
  }

  raise(problem: Omit<Problem, 'since'>): void {
    const known = this.#problems.get(problem.code);
    if (known?.text === problem.text && known.remedy === problem.remedy) return;
    this.#problems.set(problem.code, { ...problem, since: known?.since ?? isoNow(this.#clock) });
    this.#log.warn('problem shown', { problem: problem.code, text: problem.text });
    this.#onChange();
  }

  clear(code: ProblemCode): void {
    if (!this.#problems.delete(code)) return;
    this.#log.info('problem gone', { problem: code });
    this.#onChange();
  }
}
