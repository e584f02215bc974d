import type { OwnedKeychain } from '../../src/lib/keychain';
import type { Secret } from '../../src/lib/secret';
import { Emitter, type Unsubscribe } from '../../src/shared/emitter';
import { AppError } from '../../src/shared/errors';

/** A keychain in memory, which a test can take away, and which can keep its callers waiting. */
export class FakeKeychain implements OwnedKeychain {
  readonly entries = new Map<string, Secret>();
  readonly #changes = new Emitter<void>();
  isReachable = true;
  /** While set, calls wait for it. */
  hangs: Promise<void> | undefined;

  async get(account: string): Promise<Secret | undefined> {
    await this.#check();
    return this.entries.get(account);
  }

  async set(account: string, value: Secret): Promise<void> {
    await this.#check();
    this.entries.set(account, value);
  }

  async delete(account: string): Promise<void> {
    await this.#check();
    this.entries.delete(account);
  }

  async list(prefix: string): Promise<ReadonlyMap<string, Secret>> {
    await this.#check();
    return new Map([...this.entries].filter(([account]) => account.startsWith(prefix)));
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#changes.subscribe(listener);
  }

  /** It can be used again, and says so. */
  unlock(): void {
    this.isReachable = true;
    this.#changes.emit();
  }

  async stop(): Promise<void> {
    this.isReachable = false;
  }

  async #check(): Promise<void> {
    await this.hangs;
    if (!this.isReachable) throw new AppError('keychain', 'the fake keychain is not reachable', { isRetryable: true });
  }
}
