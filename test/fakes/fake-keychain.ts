import type { Keychain } from '../../src/lib/keychain';
import type { Secret } from '../../src/lib/secret';
import { AppError } from '../../src/shared/errors';

/** A keychain in memory, which a test can take away. */
export class FakeKeychain implements Keychain {
  readonly entries = new Map<string, Secret>();
  isReachable = true;

  async get(account: string): Promise<Secret | undefined> {
    this.#check();
    return this.entries.get(account);
  }

  async set(account: string, value: Secret): Promise<void> {
    this.#check();
    this.entries.set(account, value);
  }

  async delete(account: string): Promise<void> {
    this.#check();
    this.entries.delete(account);
  }

  #check(): void {
    if (!this.isReachable) throw new AppError('keychain', 'the fake keychain is not reachable', { isRetryable: true });
  }
}
