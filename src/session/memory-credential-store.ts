import type { CredentialStore, StoredSession } from './ports';

/** `credentialStore: "memory"`: nothing outlives the process; after a restart the desktop must log in again. */
export class MemoryCredentialStore implements CredentialStore {
  #session: StoredSession | undefined;

  async save(session: StoredSession): Promise<void> {
    this.#session = session;
  }

  async load(): Promise<StoredSession | undefined> {
    return this.#session;
  }

  async clear(): Promise<void> {
    this.#session = undefined;
  }
}
