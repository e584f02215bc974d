import { isoNow, type Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import { describeRaised, type ProblemCode, type ProblemFacts, type RaisedProblem } from '../shared/problem-catalogue';
import type { ProblemReporter } from '../shared/problems';
import type { Problem } from '../shared/snapshot';

interface Raised {
  readonly problem: Problem;
  /** Problems it follows from. */
  readonly follows: readonly string[];
}

/** The problems a person is shown, oldest first, one per code. What follows from another that is shown stands back. */
export class ProblemList implements ProblemReporter {
  readonly #raised = new Map<ProblemCode, Raised>();
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #changed: Emitter<void>;

  constructor(deps: { readonly clock: Clock; readonly log: Logger }) {
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#changed = new Emitter((error) => deps.log.error('a listener for problems failed', { error }));
  }

  get all(): readonly Problem[] {
    const isRaised = (code: string): boolean => this.#raised.has(code as ProblemCode);
    return [...this.#raised.values()].filter(({ follows }) => !follows.some(isRaised)).map(({ problem }) => problem);
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }

  raise<Code extends ProblemCode>(code: Code, facts: ProblemFacts<Code>): void {
    const { text, remedy, follows } = describeRaised({ code, facts } as RaisedProblem);
    const known = this.#raised.get(code)?.problem;
    if (known?.text === text && known.remedy === remedy) return;
    this.#raised.set(code, { problem: { code, since: known?.since ?? isoNow(this.#clock), text, remedy }, follows });
    this.#log.warn('problem shown', { problem: code, text });
    this.#changed.emit();
  }

  clear(code: ProblemCode): void {
    if (!this.#raised.delete(code)) return;
    this.#log.info('problem gone', { problem: code });
    this.#changed.emit();
  }
}
