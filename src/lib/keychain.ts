import type { Unsubscribe } from '../shared/emitter';
import type { Secret } from './secret';

/**
 * The operating system's keychain, this product's entries only. Every call is answered within seconds, and throws `AppError` `keychain`
 * when the keychain cannot be used now: it is not there, locked, or does not answer.
 */
export interface Keychain {
  get(account: string): Promise<Secret | undefined>;
  set(account: string, value: Secret): Promise<void>;
  /** Does nothing when there is no such entry. */
  delete(account: string): Promise<void>;
  /** Every entry whose account begins with `prefix`, by account. */
  list(prefix: string): Promise<ReadonlyMap<string, Secret>>;
  /** Called when a keychain that could not be used may be usable again: unlocked, restarted, or due for another try. */
  onChange(listener: () => void): Unsubscribe;
}

/** The keychain as a program owns it. */
export interface OwnedKeychain extends Keychain {
  /** Lets what was asked end for a moment, then ends everything that belongs to it. */
  stop(): Promise<void>;
}
