import type { Logger } from '../lib/logger';
import { Serial } from '../lib/serial';
import type { ProblemReporter } from '../shared/problems';
import type { CredentialStore, StoredSession } from './ports';

/** The credential store as the session uses it: calls in their order, and a store that fails is a shown problem, never an error. */
export class KeptCredentials {
  readonly #store: CredentialStore;
  readonly #problems: ProblemReporter;
  readonly #log: Logger;
  readonly #calls = new Serial();

  constructor(deps: { readonly store: CredentialStore; readonly problems: ProblemReporter; readonly log: Logger }) {
    this.#store = deps.store;
    this.#problems = deps.problems;
    this.#log = deps.log;
  }

  save(session: StoredSession): Promise<void> {
    return this.#try((store) => store.save(session)).then(() => undefined);
  }

  load(): Promise<StoredSession | undefined> {
    return this.#try((store) => store.load());
  }

  clear(): Promise<void> {
    return this.#try((store) => store.clear()).then(() => undefined);
  }

  #try<T>(task: (store: CredentialStore) => Promise<T>): Promise<T | undefined> {
    return this.#calls.run(async () => {
      try {
        const result = await task(this.#store);
        this.#problems.clear('keychainUnavailable');
        return result;
      } catch (error) {
        this.#log.info('the keychain could not be used', { error });
        this.#problems.raise({
          code: 'keychainUnavailable',
          text: 'The system’s keychain cannot be used, so the agent’s session will not survive a restart of this program.',
          remedy: 'Unlock or install the keychain (on Linux: a Secret Service such as gnome-keyring).',
        });
        return undefined;
      }
    });
  }
}
