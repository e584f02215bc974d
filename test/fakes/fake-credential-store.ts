import type { CredentialStore, StoredSession } from '../../src/session/ports';
import { AppError } from '../../src/shared/errors';

/** A credential store in memory, which a test can take away. */
export class FakeCredentialStore implements CredentialStore {
  stored: StoredSession | undefined;
  isReachable = true;

  async save(session: StoredSession): Promise<void> {
    this.#check();
    this.stored = session;
  }

  async load(): Promise<StoredSession | undefined> {
    this.#check();
    return this.stored;
  }

  async clear(): Promise<void> {
    this.#check();
    this.stored = undefined;
  }

  #check(): void {
    if (!this.isReachable) throw new AppError('keychain', 'the fake store is not reachable', { isRetryable: true });
  }
}
