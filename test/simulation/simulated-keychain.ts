import type { Keychain } from '../../src/lib/keychain';
import type { Secret } from '../../src/lib/secret';
import { AppError } from '../../src/shared/errors';
import type { Unsubscribe } from '../../src/shared/emitter';
import { SimulatedProcess } from './simulated-process';

const HANG_MS = 8000;

/** The keychain as the service sees it: outlives the process, may be locked or keep its callers waiting. */
export class SimulatedKeychain {
  readonly entries = new Map<string, Secret>();
  trouble: 'none' | 'locked' | 'hanging' = 'none';
  readonly #listeners = new Set<() => void>();

  heal(): void {
    this.trouble = 'none';
    for (const listener of [...this.#listeners]) listener();
  }

  for(process: SimulatedProcess): Keychain {
    const use = <T>(task: () => T): Promise<T> => this.#use(process, task);
    return {
      get: (account) => use(() => this.entries.get(account)),
      set: (account, value) => use(() => void this.entries.set(account, value)),
      delete: (account) => use(() => void this.entries.delete(account)),
      list: (prefix) => use(() => new Map([...this.entries].filter(([account]) => account.startsWith(prefix)))),
      onChange: (listener) => this.#subscribe(() => process.run(listener)),
    };
  }

  #subscribe(listener: () => void): Unsubscribe {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async #use<T>(process: SimulatedProcess, task: () => T): Promise<T> {
    if (this.trouble === 'hanging') await new Promise<void>((resolve) => process.after(HANG_MS, resolve));
    await process.lives();
    if (this.trouble !== 'none') throw new AppError('keychain', `the keychain is ${this.trouble}`, { isRetryable: true });
    return task();
  }
}
