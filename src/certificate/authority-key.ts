import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import type { Keychain } from '../lib/keychain';
import { Secret } from '../lib/secret';
import { keyToPem } from './own-certificate-files';

/** The certificate authority's key, in the keychain only. An entry per authority: several data directories may have their own. */
export class AuthorityKeyStore {
  readonly #keychain: Keychain;

  constructor(keychain: Keychain) {
    this.#keychain = keychain;
  }

  /** `undefined` when it was discarded. Throws `AppError` `keychain`. */
  async get(authority: X509Certificate): Promise<KeyObject | undefined> {
    const secret = await this.#keychain.get(account(authority));
    if (secret === undefined) return undefined;
    const key = createPrivateKey(secret.reveal());
    return authority.checkPrivateKey(key) ? key : undefined;
  }

  async set(authority: X509Certificate, key: KeyObject): Promise<void> {
    await this.#keychain.set(account(authority), new Secret(keyToPem(key)));
  }

  async delete(authority: X509Certificate): Promise<void> {
    await this.#keychain.delete(account(authority));
  }
}

function account(authority: X509Certificate): string {
  return `certificate-authority:${authority.fingerprint256.replaceAll(':', '').slice(0, 16).toLowerCase()}`;
}
