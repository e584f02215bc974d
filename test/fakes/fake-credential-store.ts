import type { CredentialStore, StoredLogin } from '../../src/session/ports';
import { Emitter, type Unsubscribe } from '../../src/shared/emitter';
import { AppError } from '../../src/shared/errors';

/** A credential store in memory, which a test can take away, and which can keep its callers waiting. */
export class FakeCredentialStore implements CredentialStore {
  readonly #changes = new Emitter<void>();
  stored: StoredLogin | undefined;
  isReachable = true;
  /** While set, calls wait for it. */
  hangs: Promise<void> | undefined;

  async save(session: StoredLogin): Promise<void> {
    await this.#check();
    this.stored = session;
  }

  async load(): Promise<StoredLogin | undefined> {
    await this.#check();
    return this.stored;
  }

  async clear(): Promise<void> {
    await this.#check();
    this.stored = undefined;
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#changes.subscribe(listener);
  }

  /** It can be reached again, and says so. */
  unlock(): void {
    this.isReachable = true;
    this.#changes.emit();
  }

  async #check(): Promise<void> {
    await this.hangs;
    if (!this.isReachable) throw new AppError('keychain', 'the fake store is not reachable', { isRetryable: true });
  }
}
