import type { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Keychain } from '../lib/keychain';
import { decodeLeniently } from '../lib/text-file';
import { CertificateError } from './errors';
import { describeMaterialFault, materialFault } from './material-fault';
import { readServedCertificate } from './served-certificate';
import type { TlsMaterial } from '../lib/tls-material';
import { errnoOf } from '../lib/errno-of';

/** Keychain entry with the passphrase of `https.pfx` or `https.key`; `srs certificate passphrase` writes it. */
export const PASSPHRASE_ACCOUNT = 'https-passphrase';

export interface OrganisationSettings {
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  readonly pfx?: string | undefined;
}

export function hasOrganisationCertificate({ certificate, pfx }: OrganisationSettings): boolean {
  return certificate !== undefined || pfx !== undefined;
}

export interface LoadedCertificate {
  readonly material: TlsMaterial;
  readonly certificate: X509Certificate;
}

/**
 * Reads the organisation's own certificate and proves that it can be served. Throws `CertificateError` naming file and remedy.
 * @param keychain of the data directory
 */
export async function loadOrganisationCertificate(settings: OrganisationSettings, keychain: Keychain): Promise<LoadedCertificate> {
  const { files, names } = await readFiles(settings);
  try {
    return { material: files, certificate: await readServedCertificate(files) };
  } catch (error) {
    if (materialFault(error) !== 'passphrase') throw unusable(names, settings, error);
  }
  // Earlier versions had one entry for all data directories.
  const passphrase = (await keychain.get(PASSPHRASE_ACCOUNT)) ?? (await keychain.list(PASSPHRASE_ACCOUNT)).get(PASSPHRASE_ACCOUNT);
  if (passphrase === undefined) {
    throw new CertificateError(`${names} is protected by a passphrase. Store it in the keychain with "srs certificate passphrase".`);
  }
  const material = { ...files, passphrase: passphrase.reveal() };
  try {
    return { material, certificate: await readServedCertificate(material) };
  } catch (error) {
    throw unusable(names, settings, error);
  }
}

async function readFiles({
  certificate,
  key,
  pfx,
}: OrganisationSettings): Promise<{ readonly files: TlsMaterial; readonly names: string }> {
  if (pfx !== undefined) return { files: { pfx: await readSetting('https.pfx', pfx) }, names: `https.pfx (${pfx})` };
  if (certificate === undefined || key === undefined) throw new CertificateError('https.certificate and https.key must be set together.');
  return {
    files: { cert: await readSetting('https.certificate', certificate), key: await readSetting('https.key', key) },
    names: `https.certificate (${certificate}) with https.key (${key})`,
  };
}

async function readSetting(setting: string, path: string): Promise<Buffer> {
  try {
    const bytes = await readFile(path);
    return setting === 'https.pfx' ? bytes : toPemBytes(bytes);
  } catch (error) {
    const code = errnoOf(error) ?? 'unknown error';
    throw new CertificateError(`Could not read ${setting}: ${path} (${code}). Correct the path, or let this user read the file.`, error);
  }
}

/** PEM as OpenSSL reads it, also when it was saved as UTF-16 or with a byte order mark. */
function toPemBytes(bytes: Buffer): Buffer {
  return Buffer.from(decodeLeniently(bytes));
}

function unusable(names: string, { pfx }: OrganisationSettings, error: unknown): CertificateError {
  return new CertificateError(`${names} ${describeMaterialFault(error, pfx !== undefined)}`, error);
}
