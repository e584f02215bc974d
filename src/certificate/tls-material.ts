import type { X509Certificate } from 'node:crypto';
import { dirname } from 'node:path';
import type { Clock, Timer } from '../lib/clock';
import { DirectoryKeychain } from '../lib/directory-keychain';
import type { Keychain } from '../lib/keychain';
import type { Logger } from '../lib/logger';
import type { SideFiles } from '../lib/side-files';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import { describeError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import { CertificateError } from './errors';
import { daysLeft } from './judge';
import type { TlsMaterial } from '../lib/tls-material';
import { hasOrganisationCertificate, loadOrganisationCertificate, type OrganisationSettings } from './organisation-certificate';
import { keyToPem } from './own-certificate-files';
import { OwnCertificateKeeper } from './own-certificate';

export interface TlsMaterialDeps {
  /** `certificate` in the data directory. */
  readonly directory: string;
  /** `https.*`: paths must be absolute. */
  readonly settings: OrganisationSettings;
  readonly keychain: Keychain;
  readonly clock: Clock;
  readonly log: Logger;
  readonly problems: ProblemReporter;
  /** Of what it makes itself. */
  readonly sideFiles: Pick<SideFiles, 'keep'>;
}

/** The https endpoint's key and certificate, kept fresh while started. */
export interface TlsMaterialSource {
  /** Throws `CertificateError`, or the system's error; shown as a problem, and looked at again. Waits a second for the keychain: see `onChange`. */
  current(): Promise<TlsMaterial>;
  /** Called when `current()` has changed, or there is one at last: renewed here, by `srs certificate renew`, or replaced by the organisation. */
  onChange(listener: () => void): Unsubscribe;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Both kinds are looked at this often: files may be replaced by others, and a laptop sleeps through long timers. */
const CHECK_EVERY_MS = 5 * 60_000;
/** While there is none to be served. */
const RETRY_MS = 30_000;
/** What a keychain that works needs, with some to spare; one that hangs delays the https address alone. */
const PATIENCE_MS = 1000;
const WARN_DAYS_AHEAD = 30;

interface Served {
  readonly material: TlsMaterial;
  readonly certificate: X509Certificate;
}

export function createTlsMaterial(deps: TlsMaterialDeps): TlsMaterialSource {
  return new CheckedTlsMaterial(deps);
}

class CheckedTlsMaterial implements TlsMaterialSource {
  readonly #deps: TlsMaterialDeps;
  readonly #changes = new Emitter<void>();
  readonly #own: OwnCertificateKeeper;
  #served: Promise<Served> | undefined;
  #starting: Promise<void> | undefined;
  #timer: Timer | undefined;
  #stopListening: Unsubscribe | undefined;
  #isStopped = false;

  constructor(deps: TlsMaterialDeps) {
    this.#deps = deps;
    const { sideFiles } = deps;
    this.#own = new OwnCertificateKeeper({ ...deps, onUnsaved: (save) => void sideFiles.keep('certificate', save) });
  }

  async current(): Promise<TlsMaterial> {
    const loading = (this.#served ??= this.#load());
    const late = this.#patience();
    try {
      const served = await Promise.race([loading, late.isOver]);
      if (served !== undefined) return served.material;
    } catch (error) {
      this.#forget(loading, error);
      throw error;
    } finally {
      late.cancel();
    }
    loading.then(
      () => this.#changes.emit(),
      (error: unknown) => this.#forget(loading, error),
    );
    throw new CertificateError('The certificate of the https address waits for the keychain.');
  }

  #patience(): { readonly isOver: Promise<undefined>; cancel(): void } {
    let timer: Timer | undefined;
    const isOver = new Promise<undefined>((resolve) => (timer = this.#deps.clock.after(PATIENCE_MS, () => resolve(undefined))));
    return { isOver, cancel: () => timer?.cancel() };
  }

  /** There is none: shown, and looked at again soon. */
  #forget(failed: Promise<Served>, error: unknown): void {
    if (this.#served !== failed) return;
    this.#served = undefined;
    this.#reportMissing(error);
    if (this.#timer !== undefined) this.#schedule();
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#changes.subscribe(listener);
  }

  start(): Promise<void> {
    return (this.#starting ??= this.#start());
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopListening?.();
    this.#timer?.cancel();
    await this.#starting?.catch(() => undefined);
    this.#timer?.cancel();
  }

  async #start(): Promise<void> {
    await this.current().catch(() => undefined); // shown, and looked at again
    // The passphrase may be there now.
    this.#stopListening = this.#deps.keychain.onChange(() => {
      if (this.#served === undefined) void this.#check();
    });
    this.#schedule();
  }

  #schedule(): void {
    this.#timer?.cancel();
    if (this.#isStopped) return;
    this.#timer = this.#deps.clock.after(
      this.#served === undefined ? RETRY_MS : CHECK_EVERY_MS,
      () => void this.#check().finally(() => this.#schedule()),
    );
  }

  /** What cannot be read now is looked at again next time; until then the old one is served. */
  async #check(): Promise<void> {
    try {
      const before = await this.#served;
      const now = await this.#load();
      this.#deps.problems.clear('certificateUnavailable');
      if (before?.certificate.fingerprint256 === now.certificate.fingerprint256) return;
      this.#served = Promise.resolve(now);
      this.#deps.log.info('the https certificate has changed', { validTo: now.certificate.validTo });
      this.#changes.emit();
    } catch (error) {
      if (this.#served === undefined) this.#reportMissing(error);
      else this.#deps.log.warn('the https certificate could not be checked', { reason: describeError(error) });
    }
  }

  async #load(): Promise<Served> {
    const { settings, keychain, directory } = this.#deps;
    if (!hasOrganisationCertificate(settings)) return this.#loadOwn();
    const loaded = await loadOrganisationCertificate(settings, new DirectoryKeychain(keychain, dirname(directory)));
    this.#report(loaded.certificate, false);
    if (loaded.certificate.checkIP('127.0.0.1') === undefined && loaded.certificate.checkHost('localhost') === undefined) {
      this.#deps.log.warn('the https certificate names neither 127.0.0.1 nor localhost: browsers will refuse it');
    }
    return loaded;
  }

  async #loadOwn(): Promise<Served> {
    const { server } = await this.#own.ensure();
    this.#report(server.certificate, true);
    return { material: { key: keyToPem(server.key), cert: server.certificate.toString() }, certificate: server.certificate };
  }

  #reportMissing(error: unknown): void {
    this.#deps.log.warn('there is no certificate for the https address', { reason: describeError(error) });
    const isOwn = !hasOrganisationCertificate(this.#deps.settings);
    this.#deps.problems.raise('certificateUnavailable', { reason: describeError(error), isOwn });
  }

  #report(certificate: X509Certificate, isOwn: boolean): void {
    const left = daysLeft(certificate, this.#deps.clock.now());
    if (left > WARN_DAYS_AHEAD) return this.#deps.problems.clear('certificateExpiring');
    const day = new Date(certificate.validTo).toISOString().slice(0, 10);
    this.#deps.problems.raise('certificateExpiring', { day, isExpired: left <= 0, isOwn });
  }
}
