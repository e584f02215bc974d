import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodeLeniently } from './text-file';
import { errnoOf } from './errno-of';

/** The message completes “<file> …”: what is wrong with it as a file of certificates, and what is allowed. */
export class AuthorityFileError extends Error {}

const BLOCK = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;
const ALLOWED = 'allowed: a file with certificates in PEM, or with one in DER';

/**
 * The certificates of a CA file, each as PEM: PEM in UTF-8 or UTF-16, or one certificate in DER as Windows exports it (`.cer`).
 * Throws `AuthorityFileError` for a file that cannot be read, or holds anything else.
 */
export async function readAuthorityFile(path: string): Promise<readonly string[]> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const code = errnoOf(error) ?? 'unknown error';
    throw new AuthorityFileError(`cannot be read (${code}); ${ALLOWED}`, { cause: error });
  }
  return toPem(bytes);
}

function toPem(bytes: Buffer): readonly string[] {
  const text = decodeLeniently(bytes);
  if (!text.includes('-----BEGIN ')) return [parseCertificate(bytes, 'holds no certificate')];
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length === 0) throw new AuthorityFileError(`holds no certificate; ${ALLOWED}`);
  return blocks.map((block, index) => parseCertificate(block, `holds a certificate that is damaged (number ${index + 1})`));
}

function parseCertificate(source: Buffer | string, fault: string): string {
  try {
    return new X509Certificate(source).toString();
  } catch (error) {
    throw new AuthorityFileError(`${fault}; ${ALLOWED}`, { cause: error });
  }
}
