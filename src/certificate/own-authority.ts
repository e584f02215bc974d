import type { X509Certificate } from 'node:crypto';
import { sequence, tagged } from './der';
import { authorityExtensions } from './extensions';
import { LOOPBACK_NAMES } from './issue';

/** Of a certificate's body, RFC 5280, section 4.1: version, serial number, algorithm, issuer, validity, subject, key, extensions. */
const BODY_PARTS = 8;

/**
 * Whether an authority is limited exactly as `issueAuthority` limits ours: to sign certificates for this computer's own names, and nothing else.
 * Whoever is told to trust it cannot be told more by it, whoever made it.
 */
export function isOwnAuthority(authority: X509Certificate): boolean {
  if (!authority.verify(authority.publicKey) || authority.issuer !== authority.subject) return false;
  const parts = bodyParts(authority.raw);
  const expected = tagged(3, sequence(...authorityExtensions(authority.publicKey, LOOPBACK_NAMES)));
  return parts.length === BODY_PARTS && parts.at(-1)?.equals(expected) === true;
}

/** Each with its tag and length. */
function bodyParts(certificate: Buffer): readonly Buffer[] {
  const [body = Buffer.alloc(0)] = elements(contentOf(certificate));
  return elements(contentOf(body));
}

function elements(content: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < content.length; at += found.at(-1)?.length ?? content.length)
    found.push(content.subarray(at, elementEnd(content, at)));
  return found;
}

function contentOf(element: Buffer): Buffer {
  return element.subarray(headerLength(element, 0));
}

function elementEnd(bytes: Buffer, at: number): number {
  const header = headerLength(bytes, at);
  const length = header === 2 ? bytes.readUInt8(at + 1) : bytes.readUIntBE(at + 2, header - 2);
  return at + header + length;
}

/** Tag and length: certificates have tags of one byte only, and ours are far below 16 MB. OpenSSL has parsed it before. */
function headerLength(bytes: Buffer, at: number): number {
  const first = bytes.readUInt8(at + 1);
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}
