import type { ConnectionOwner, ConnectionOwners } from '../lib/connection-owners';
import type { ProblemReporter } from '../shared/problems';

export interface UntoldCallersDeps {
  readonly owners: Pick<ConnectionOwners, 'isShared'>;
  /** `otherUsers` of the configuration. */
  readonly rule: () => 'refuse' | 'allow' | undefined;
  readonly problems: Pick<ProblemReporter, 'raise' | 'clear'>;
}

/** Decides about callers of whom it cannot be told which user of the computer they are, and shows that as long as it is so. */
export class UntoldCallers {
  readonly #deps: UntoldCallersDeps;
  /** Also by a server before this one. */
  #mayBeShown = true;

  constructor(deps: UntoldCallersDeps) {
    this.#deps = deps;
  }

  /** Without a rule: refused where several people are signed in, or that cannot be told either. */
  async isAdmitted({ reason }: Extract<ConnectionOwner, { relation: 'untold' }>): Promise<boolean> {
    const { owners, problems } = this.#deps;
    const rule = this.#deps.rule();
    const isAdmitted = rule === undefined ? !(await owners.isShared().catch(() => true)) : rule === 'allow';
    problems.raise('callerUnknown', { reason, isAdmitted });
    this.#mayBeShown = true;
    return isAdmitted;
  }

  /** The user of a caller could be told. */
  told(): void {
    if (this.#mayBeShown) this.#deps.problems.clear('callerUnknown');
    this.#mayBeShown = false;
  }
}
