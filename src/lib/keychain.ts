import { AppError } from '../shared/errors';
import { Secret } from './secret';

/** The operating system's keychain, this product's entries only. Every call throws `AppError` `keychain` when it cannot be reached. */
export interface Keychain {
  get(account: string): Promise<Secret | undefined>;
  set(account: string, value: Secret): Promise<void>;
  /** Does nothing when there is no such entry. */
  delete(account: string): Promise<void>;
}

const SERVICE = 'screen-recording-service';
/** A locked keyring asks the user and may wait for ever. */
const TIMEOUT_MS = 10_000;

type Keytar = Pick<typeof import('keytar'), 'getPassword' | 'setPassword' | 'deletePassword'>;

/** `keytar` on Windows' Credential Manager, macOS' Keychain or the Secret Service. Loaded at first use: its library may be missing. */
export class KeytarKeychain implements Keychain {
  readonly #service: string;
  #keytar: Promise<Keytar> | undefined;

  /** @param service tests use their own name, so as not to meet the user's entries */
  constructor(service = SERVICE) {
    this.#service = service;
  }

  async get(account: string): Promise<Secret | undefined> {
    const value = await this.#call('read', (keytar) => keytar.getPassword(this.#service, account));
    return value === null ? undefined : new Secret(value);
  }

  async set(account: string, value: Secret): Promise<void> {
    await this.#call('write', (keytar) => keytar.setPassword(this.#service, account, value.reveal()));
  }

  async delete(account: string): Promise<void> {
    await this.#call('delete', (keytar) => keytar.deletePassword(this.#service, account));
  }

  async #call<T>(what: string, task: (keytar: Keytar) => Promise<T>): Promise<T> {
    this.#keytar ??= import('keytar').then((module) => ('default' in module ? (module.default as Keytar) : module));
    try {
      return await withDeadline(this.#keytar.then(task));
    } catch (error) {
      throw new AppError('keychain', `Could not ${what} an entry of the system's keychain. Is it installed, running and unlocked?`, {
        cause: error,
        isRetryable: true,
      });
    }
  }
}

async function withDeadline<T>(task: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  });
  try {
    return await Promise.race([task, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
