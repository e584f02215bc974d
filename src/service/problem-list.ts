import { isoNow, type Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import type { ProblemReporter } from '../shared/problems';
import type { Problem, ProblemCode } from '../shared/snapshot';

/** The problems a person is shown, oldest first, one per code. */
export class ProblemList implements ProblemReporter {
  readonly #problems = new Map<ProblemCode, Problem>();
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #changed: Emitter<void>;

  constructor(deps: { readonly clock: Clock; readonly log: Logger }) {
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#changed = new Emitter((error) => deps.log.error('a listener for problems failed', { error }));
  }

  get all(): readonly Problem[] {
    return [...this.#problems.values()];
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }

  raise(problem: Omit<Problem, 'since'>): void {
    const known = this.#problems.get(problem.code);
    if (known?.text === problem.text && known.remedy === problem.remedy) return;
    this.#problems.set(problem.code, { ...problem, since: known?.since ?? isoNow(this.#clock) });
    this.#log.warn('problem shown', { problem: problem.code, text: problem.text });
    this.#changed.emit();
  }

  clear(code: ProblemCode): void {
    if (!this.#problems.delete(code)) return;
    this.#log.info('problem gone', { problem: code });
    this.#changed.emit();
  }
}
