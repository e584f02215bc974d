import { isAppError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import type { ServerPair } from '../shared/server-pair';
import type { NamedServers, ServerGate } from './server-gate';

/** Where a login leads; that it leads nowhere because nobody has configured anything is a shown problem. */
export class LoginServers {
  readonly #gate: ServerGate;
  readonly #problems: ProblemReporter;

  constructor(deps: { readonly gate: ServerGate; readonly problems: ProblemReporter }) {
    this.#gate = deps.gate;
    this.#problems = deps.problems;
  }

  /** The pairs a login is tried at, in that order; at least one. Throws as `ServerGate.pairsFor`. */
  findAll(named: NamedServers): readonly ServerPair[] {
    try {
      return this.#gate.pairsFor(named);
    } catch (error) {
      if (this.#gate.isClosed || isAppError(error, 'invalidRequest'))
        this.#problems.raise('noConfiguration', { isClosed: this.#gate.isClosed });
      throw error;
    }
  }
}
