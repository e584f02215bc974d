import type { OwnedKeychain } from './keychain';
import type { Secret } from './secret';

/** A keychain that forgets everything with its process: for a service that tests start and end. */
export class MemoryKeychain implements OwnedKeychain {
  readonly #entries = new Map<string, Secret>();

  async get(account: string): Promise<Secret | undefined> {
    return this.#entries.get(account);
  }

  async set(account: string, value: Secret): Promise<void> {
    this.#entries.set(account, value);
  }

  async delete(account: string): Promise<void> {
    this.#entries.delete(account);
  }

  async list(prefix: string): Promise<ReadonlyMap<string, Secret>> {
    return new Map([...this.#entries].filter(([account]) => account.startsWith(prefix)));
  }

  onChange(): () => void {
    return () => undefined;
  }

  async stop(): Promise<void> {
    this.#entries.clear();
  }
}
