import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import { AppError } from '../shared/errors';

const PEM_BEGIN = '-----BEGIN CERTIFICATE-----';

/** Node 22.15 and later; the types of Node 20 do not know it. */
type GetCaCertificates = (type: 'default' | 'system') => string[];

/**
 * Whom a TLS connection to RWS trusts: Node's own list, the operating system's store where Node can read it, and the CA file of
 * `rws.ca`. There is no way to trust everybody.
 */
export async function createTrust(caFile: string | undefined): Promise<tls.SecureContext> {
  const own = caFile === undefined ? [] : [await readCaFile(caFile)];
  const known = knownAuthorities() ?? (own.length === 0 ? undefined : [...tls.rootCertificates, ...(await extraAuthorities())]);
  const ca = known === undefined ? undefined : [...known, ...own];
  try {
    return tls.createSecureContext({ minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) });
  } catch (error) {
    throw new AppError('configuration', 'rws.ca is not a file with PEM certificates.', { cause: error });
  }
}

/** `undefined`: leave it to Node's default (which alone knows `NODE_EXTRA_CA_CERTS` before Node 22.15). */
function knownAuthorities(): readonly string[] | undefined {
  const get = (tls as unknown as { getCACertificates?: GetCaCertificates }).getCACertificates;
  if (get === undefined) return undefined;
  return [...new Set([...get('default'), ...get('system')])];
}

/** Node reads this file for its default list only, which a list of our own replaces. */
async function extraAuthorities(): Promise<readonly string[]> {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  return file === undefined || file === '' ? [] : [await readFile(file, 'utf8').catch(() => '')].filter((text) => text.includes(PEM_BEGIN));
}

async function readCaFile(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new AppError('configuration', 'The CA file named in rws.ca cannot be read.', { cause: error });
  }
  if (!text.includes(PEM_BEGIN)) {
    throw new AppError('configuration', 'The CA file named in rws.ca holds no PEM certificate.');
  }
  return text;
}
