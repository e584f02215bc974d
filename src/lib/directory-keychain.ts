import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import type { Unsubscribe } from '../shared/emitter';
import type { Keychain } from './keychain';
import type { Secret } from './secret';

/**
 * The entries of one data directory, whose names carry it: two services of one user, such as a demo beside the installed one, do not
 * take each other's. The directory is known by its real path, however it is spelled.
 */
export class DirectoryKeychain implements Keychain {
  readonly #keychain: Keychain;
  readonly #directory: string;
  #id: string | undefined;

  constructor(keychain: Keychain, directory: string) {
    this.#keychain = keychain;
    this.#directory = directory;
  }

  async get(account: string): Promise<Secret | undefined> {
    return this.#keychain.get(await this.#name(account));
  }

  async set(account: string, value: Secret): Promise<void> {
    await this.#keychain.set(await this.#name(account), value);
  }

  async delete(account: string): Promise<void> {
    await this.#keychain.delete(await this.#name(account));
  }

  /** Of every data directory, and those made before names carried one. */
  list(prefix: string): Promise<ReadonlyMap<string, Secret>> {
    return this.#keychain.list(prefix);
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#keychain.onChange(listener);
  }

  async #name(account: string): Promise<string> {
    this.#id ??= createHash('sha256')
      .update(await realpath(this.#directory))
      .digest('hex')
      .slice(0, 16);
    return `${account}:${this.#id}`;
  }
}
