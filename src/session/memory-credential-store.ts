import type { CredentialStore, StoredLogin } from './ports';

/** `credentialStore: "memory"`: nothing outlives the process; after a restart the desktop must log in again. */
export class MemoryCredentialStore implements CredentialStore {
  #session: StoredLogin | undefined;

  async save(session: StoredLogin): Promise<void> {
    this.#session = session;
  }

  async load(): Promise<StoredLogin | undefined> {
    return this.#session;
  }

  async clear(): Promise<void> {
    this.#session = undefined;
  }
}
