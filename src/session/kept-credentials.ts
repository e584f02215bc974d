import { delay, type Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { Serial } from '../lib/serial';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import type { ProblemReporter } from '../shared/problems';
import type { CredentialStore, StoredLogin } from './ports';

export interface KeptCredentialsDeps {
  readonly store: CredentialStore;
  readonly clock: Clock;
  readonly problems: ProblemReporter;
  readonly log: Logger;
}

/** `session: undefined`: none. */
interface Wanted {
  readonly session: StoredLogin | undefined;
}

/** A logout is answered when its credentials are forgotten, but does not wait for a store that hangs: see `CredentialStore.clear`. */
const PATIENCE_MS = 1000;

/**
 * The credential store as the session uses it: calls in their order; a store that fails is a shown problem, never an error. What it could
 * not be told is told when it is back: it ends up with what was wanted last.
 */
export class KeptCredentials {
  readonly #deps: KeptCredentialsDeps;
  readonly #calls = new Serial();
  readonly #foundLater = new Emitter<void>();
  /** What the store is to hold; `undefined` until a login or a logout said so. */
  #wanted: Wanted | undefined;
  #held: Wanted | undefined;
  #found: StoredLogin | undefined;
  #isLoaded = false;

  constructor(deps: KeptCredentialsDeps) {
    this.#deps = deps;
    deps.store.onChange?.(() => void this.#catchUp());
  }

  save(session: StoredLogin): Promise<void> {
    return this.#want(session);
  }

  clear(): Promise<void> {
    return this.#want(undefined);
  }

  /** Looks for a session of an earlier run; `found` has it then. */
  async load(): Promise<void> {
    await this.#try(async (store) => {
      if (this.#wanted !== undefined) return;
      const found = await store.load();
      this.#isLoaded = true;
      if (this.#wanted === undefined) this.#found = found;
    });
  }

  /** The session of an earlier run, until a login or a logout takes its place. */
  get found(): StoredLogin | undefined {
    return this.#found;
  }

  /** Called when `load` found none because the store could not be used, and it is there now. */
  onFoundLater(listener: () => void): Unsubscribe {
    return this.#foundLater.subscribe(listener);
  }

  async #want(session: StoredLogin | undefined): Promise<void> {
    this.#wanted = { session };
    this.#found = undefined;
    const told = this.#tell();
    const patience = new AbortController();
    await Promise.race([told, delay(this.#deps.clock, PATIENCE_MS, patience.signal).catch(() => undefined)]);
    patience.abort();
  }

  #tell(): Promise<void> {
    return this.#try(async (store) => {
      const wanted = this.#wanted;
      if (wanted === undefined || wanted === this.#held) return;
      if (wanted.session === undefined) await store.clear();
      else await store.save(wanted.session);
      this.#held = wanted;
    });
  }

  async #catchUp(): Promise<void> {
    if (this.#wanted !== undefined) return this.#tell();
    if (this.#isLoaded) return;
    await this.load();
    if (this.#found !== undefined) this.#foundLater.emit();
  }

  #try(task: (store: CredentialStore) => Promise<void>): Promise<void> {
    const { store, problems, log } = this.#deps;
    return this.#calls.run(async () => {
      try {
        await task(store);
        problems.clear('keychainUnavailable');
      } catch (error) {
        log.info('the keychain could not be used', { error });
        problems.raise('keychainUnavailable', {});
      }
    });
  }
}
