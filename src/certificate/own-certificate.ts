import type { KeyObject, X509Certificate } from 'node:crypto';
import type { Clock } from '../lib/clock';
import type { Keychain } from '../lib/keychain';
import type { Logger } from '../lib/logger';
import { describeError } from '../shared/errors';
import { AuthorityKeyStore } from './authority-key';
import { issueAuthority, issueServer, type Issued } from './issue';
import { isOwnAuthority } from './own-authority';
import { CertificateError } from './errors';
import { daysLeft, isAuthorityUsable, isWithoutAuthorityKey, judgeServer, validity } from './judge';
import { OwnCertificateFiles, type OwnCertificate } from './own-certificate-files';

export interface OwnCertificateDeps {
  readonly directory: string;
  readonly keychain: Keychain;
  readonly clock: Clock;
  readonly log: Logger;
  /** The certificate is there but could not be written: what writes it later. Without this, `ensure` and `renew` throw. */
  readonly onUnsaved?: (save: () => Promise<void>) => void;
}

/** Without the authority's key a new certificate means a new authority; that waits until the old one is nearly over. */
const REPLACE_AUTHORITY_DAYS_AHEAD = 2;

/**
 * The certificate the service makes for itself. Threat model: whoever reads the data directory gets the server's key, which speaks for the loopback names
 * only; the authority's key, which browsers were told to trust, is in the keychain or, until one can be used, in this process alone; it is limited to the same names.
 */
export class OwnCertificateKeeper {
  readonly files: OwnCertificateFiles;
  readonly #deps: OwnCertificateDeps;
  readonly #keys: AuthorityKeyStore;
  /** What is served though the disk does not have it. */
  #unsaved: OwnCertificate | undefined;

  constructor(deps: OwnCertificateDeps) {
    this.#deps = deps;
    this.files = new OwnCertificateFiles(deps.directory);
    this.#keys = new AuthorityKeyStore(deps.keychain);
  }

  /** What is to be served now: as it is, renewed, or made for the first time. */
  async ensure(): Promise<OwnCertificate> {
    if (this.#unsaved !== undefined) return this.#unsaved;
    const now = this.#deps.clock.now();
    const { authority, server } = await this.#read();
    if (authority === undefined) return this.#makeAuthority(undefined);
    const verdict = server === undefined ? 'unusable' : judgeServer(server, authority, now);
    if (server !== undefined && verdict === 'good') return { authority, server };
    const key = isAuthorityUsable(authority, now) ? await this.#authorityKey(authority) : undefined;
    if (key !== undefined && key !== 'unreachable') return { authority, server: await this.#issue(authority, key) };
    const canWait = server !== undefined && verdict === 'due' && daysLeft(server.certificate, now) > REPLACE_AUTHORITY_DAYS_AHEAD;
    return canWait ? { authority, server } : this.#makeAuthority(authority);
  }

  /**
   * A new server certificate in any case, of the same authority if its key is there. Throws `CertificateError` when the key is kept where it cannot be
   * reached now: a new authority would take the browsers' trust away without need.
   */
  async renew({ isNewAuthority = false } = {}): Promise<OwnCertificate & { readonly isNewAuthority: boolean }> {
    const { authority, server } = await this.#read();
    if (authority === undefined || isNewAuthority || !isAuthorityUsable(authority, this.#deps.clock.now())) {
      return { ...(await this.#makeAuthority(authority)), isNewAuthority: true };
    }
    const key = await this.#authorityKey(authority);
    if (key === 'unreachable' && server !== undefined && !isWithoutAuthorityKey(server.certificate)) {
      throw new CertificateError(
        'The key of the certificate authority is in the keychain, which cannot be reached from here. Unlock it, or make a new authority with --authority.',
      );
    }
    if (key === undefined || key === 'unreachable') return { ...(await this.#makeAuthority(authority)), isNewAuthority: true };
    return { authority, server: await this.#issue(authority, key), isNewAuthority: false };
  }

  /** Where the authority's key is; the next renewal keeps the authority only if it is in the keychain. */
  async whereIsKey({ authority, server }: OwnCertificate): Promise<'keychain' | 'unreachable' | 'discarded'> {
    const key = isWithoutAuthorityKey(server.certificate) ? undefined : await this.#authorityKey(authority);
    if (key === undefined) return 'discarded';
    return key === 'unreachable' ? key : 'keychain';
  }

  /** An authority that is not limited as ours are was put there by somebody else, and must neither sign nor be trusted. */
  async #read(): Promise<Partial<OwnCertificate>> {
    const found = await this.files.read();
    if (found.authority === undefined || isOwnAuthority(found.authority)) return found;
    this.#deps.log.warn('the certificate authority in the data directory is not one of ours: a new one is made', {
      fingerprint: found.authority.fingerprint256,
    });
    return {};
  }

  async #save(own: OwnCertificate, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (this.#deps.onUnsaved === undefined) throw error;
      this.#unsaved = own;
      this.#deps.onUnsaved(async () => {
        await write();
        this.#unsaved = undefined;
      });
    }
  }

  async #issue(authority: X509Certificate, authorityKey: KeyObject): Promise<Issued> {
    const server = await issueServer({ authority, authorityKey, ...validity(this.#deps.clock.now(), 'renewable') });
    await this.#save({ authority, server }, () => this.files.writeServer(server));
    this.#deps.log.info('server certificate issued', { validTo: server.certificate.validTo, renewable: true });
    return server;
  }

  async #makeAuthority(former: X509Certificate | undefined): Promise<OwnCertificate> {
    const now = this.#deps.clock.now();
    const { certificate: authority, key } = await issueAuthority(validity(now, 'authority'));
    const isKept = await this.#keep(authority, key);
    const server = await issueServer({ authority, authorityKey: key, ...validity(now, isKept ? 'renewable' : 'unrenewable') });
    await this.#save({ authority, server }, async () => {
      await this.files.writeAuthority(authority);
      await this.files.writeServer(server);
      if (former !== undefined) await this.#keys.delete(former).catch(() => undefined); // harmless if it stays
    });
    this.#deps.log.info('certificate authority made', {
      fingerprint: authority.fingerprint256,
      keyIsKept: isKept,
      replaced: former !== undefined,
    });
    if (!isKept) this.#keepLater(authority, key);
    return { authority, server };
  }

  /** With its key in the keychain after all, the authority signs a certificate that is renewed without anybody's trust anew. */
  #keepLater(authority: X509Certificate, key: KeyObject): void {
    const unsubscribe = this.#deps.keychain.onChange(() => {
      void (async () => {
        const isCurrent = (await this.#read()).authority?.fingerprint256 === authority.fingerprint256;
        if (isCurrent && !(await this.#keep(authority, key))) return;
        unsubscribe();
        if (isCurrent) await this.#issue(authority, key);
      })().catch((error: unknown) => this.#deps.log.warn('the certificate could not be replaced', { reason: describeError(error) }));
    });
  }

  async #keep(authority: X509Certificate, key: KeyObject): Promise<boolean> {
    try {
      await this.#keys.set(authority, key);
      return true;
    } catch (error) {
      this.#deps.log.info('the certificate authority’s key cannot be kept: no keychain', { reason: describeError(error) });
      return false;
    }
  }

  async #authorityKey(authority: X509Certificate): Promise<KeyObject | 'unreachable' | undefined> {
    try {
      return await this.#keys.get(authority);
    } catch (error) {
      this.#deps.log.warn('the certificate authority’s key cannot be read', { reason: describeError(error) });
      return 'unreachable';
    }
  }
}
