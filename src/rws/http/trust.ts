import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as tls from 'node:tls';
import { AuthorityFileError, readAuthorityFile } from '../../lib/authority-file';
import { decodeLeniently } from '../../lib/text-file';
import { AppError, describeError } from '../../shared/errors';
import { omitUndefined } from '../../shared/omit-undefined';
import { errnoOf } from '../../lib/errno-of';

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

type Source = 'default' | 'system';
/** Node 22.15 and later; the types of Node 20 do not know it. */
export type GetCaCertificates = (type: Source) => readonly string[];

export interface TrustOptions {
  /** Of `rws.ca`. */
  readonly caFile?: string | undefined;
  /** A source, or a certificate of one, was left out: what and why. */
  readonly onLeftOut?: (what: string) => void;
  /** Node's own unless a test says otherwise. */
  readonly getCertificates?: GetCaCertificates | undefined;
}

/**
 * Whom a TLS connection to RWS trusts: Node's own list, the operating system's store where Node can read it, and the CA file of
 * `rws.ca`. There is no way to trust everybody. Each source stands by itself: one that cannot be read, or a certificate in it, is left
 * out, except the file of `rws.ca`, whose fault is thrown as `AppError` `configuration`.
 */
export async function createTrust({ caFile, onLeftOut = () => undefined, ...options }: TrustOptions = {}): Promise<tls.SecureContext> {
  const own = caFile === undefined ? [] : await readOwn(caFile);
  const get = 'getCertificates' in options ? options.getCertificates : nodesOwn();
  if (get === undefined && own.length === 0) return create(); // Node's default, which alone knows all it would trust.
  const known = get === undefined ? undefined : read('default', get, onLeftOut);
  const system = get === undefined ? undefined : read('system', get, onLeftOut);
  const byDefault = known ?? [...tls.rootCertificates, ...(await extraAuthorities(onLeftOut))];
  return create([...new Set([...byDefault, ...(system ?? []), ...own])]);
}

function create(ca?: string[]): tls.SecureContext {
  return tls.createSecureContext({ minVersion: 'TLSv1.2', ...omitUndefined({ ca }) });
}

function nodesOwn(): GetCaCertificates | undefined {
  return (tls as unknown as { getCACertificates?: GetCaCertificates }).getCACertificates;
}

/** `undefined`: the source as a whole cannot be read. */
function read(source: Source, get: GetCaCertificates, onLeftOut: (what: string) => void): readonly string[] | undefined {
  try {
    return readable(get(source), `the ${source} certificates`, onLeftOut);
  } catch (error) {
    onLeftOut(`the ${source} certificates as a whole (${describeError(error)})`);
    return undefined;
  }
}

/** One certificate that OpenSSL does not take would take the whole list with it. */
function readable(certificates: readonly string[], source: string, onLeftOut: (what: string) => void): readonly string[] {
  const good = certificates.filter((certificate) => {
    try {
      return new X509Certificate(certificate).raw.length > 0;
    } catch {
      return false;
    }
  });
  if (good.length < certificates.length) onLeftOut(`${certificates.length - good.length} of ${source}, which cannot be read`);
  return good;
}

/** Node reads this file for its default list only, which a list of our own replaces. */
async function extraAuthorities(onLeftOut: (what: string) => void): Promise<readonly string[]> {
  const file = process.env['NODE_EXTRA_CA_CERTS'];
  if (file === undefined || file === '') return [];
  const bytes = await readFile(file).catch((error: unknown) => {
    onLeftOut(`the file of NODE_EXTRA_CA_CERTS (${errnoOf(error) ?? 'unknown error'})`);
    return Buffer.alloc(0);
  });
  return readable(decodeLeniently(bytes).match(PEM_BLOCK) ?? [], 'the file of NODE_EXTRA_CA_CERTS', onLeftOut);
}

async function readOwn(file: string): Promise<readonly string[]> {
  try {
    return await readAuthorityFile(file);
  } catch (error) {
    if (!(error instanceof AuthorityFileError)) throw error;
    throw new AppError('configuration', `The CA file named in rws.ca ${error.message}.`, { cause: error });
  }
}
