import { isDeepStrictEqual } from 'node:util';
import { NamedTimers } from '../lib/named-timers';
import type { Clock } from '../lib/clock';
import type { ProblemReporter } from '../shared/problems';
import type { ProblemFacts } from '../shared/problem-catalogue';

/** What lasts too long becomes a problem without anything happening. */
const LOOK_EVERY_MS = 60_000;

export interface StuckUploadsProblemDeps {
  readonly clock: Clock;
  readonly problems: ProblemReporter;
  /** `'unknown'` while the computer sleeps: a timer may come before the word that it is awake. */
  readonly find: () => ProblemFacts<'uploadsStuck'> | 'unknown' | undefined;
}

/** Shows `uploadsStuck` while there is one, and clears it. */
export class StuckUploadsProblem {
  readonly #deps: StuckUploadsProblemDeps;
  readonly #timers: NamedTimers<'look'>;
  #shown: ProblemFacts<'uploadsStuck'> | undefined;

  constructor(deps: StuckUploadsProblemDeps) {
    this.#deps = deps;
    this.#timers = new NamedTimers(deps.clock, () => this.keepLooking());
  }

  /** Now, and then every minute until `stop`. */
  keepLooking(): void {
    this.look();
    this.#timers.set('look', LOOK_EVERY_MS);
  }

  stop(): void {
    this.#timers.clearAll();
  }

  look(): void {
    const { problems, find } = this.#deps;
    const problem = find();
    if (problem === 'unknown' || isDeepStrictEqual(problem, this.#shown)) return;
    this.#shown = problem;
    if (problem === undefined) problems.clear('uploadsStuck');
    else problems.raise('uploadsStuck', problem);
  }
}
