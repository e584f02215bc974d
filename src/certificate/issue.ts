import { generateKeyPair, randomBytes, sign, X509Certificate, createPublicKey, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { bitString, integer, objectIdentifier, sequence, set, tagged, time, utf8String, type Der } from './der';
import { authorityExtensions, serverExtensions } from './extensions';

/** What the certificate authority may speak for, and the server certificate does. */
export const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '::1'];

export interface Issued {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface ServerRequest extends Validity {
  readonly authority: X509Certificate;
  readonly authorityKey: KeyObject;
  /** Other than the loopback names only to test that they are refused. */
  readonly names?: readonly string[];
}

const COMMON_NAME = '2.5.4.3';
const ORGANISATION = '2.5.4.10';
const ECDSA_WITH_SHA256 = sequence(objectIdentifier('1.2.840.10045.4.3.2'));
const X509_VERSION_3 = integer(Buffer.from([2]));
const PRODUCT = 'Screen Recording Service';

/**
 * A certificate authority for this computer alone: name constraints limit it to the loopback names, so that whoever trusts it need not trust it for
 * anything else, even if its key were stolen.
 */
export async function issueAuthority(validity: Validity): Promise<Issued> {
  const { publicKey, privateKey } = await newKeyPair();
  const name = distinguishedName(`${PRODUCT} loopback CA ${randomBytes(3).toString('hex')}`);
  const extensions = authorityExtensions(publicKey, LOOPBACK_NAMES);
  return { certificate: signed({ ...validity, subject: name, issuer: name, publicKey, extensions }, privateKey), key: privateKey };
}

export async function issueServer({ authority, authorityKey, names = LOOPBACK_NAMES, ...validity }: ServerRequest): Promise<Issued> {
  const { publicKey, privateKey } = await newKeyPair();
  const subject = distinguishedName(PRODUCT);
  const extensions = serverExtensions(publicKey, createPublicKey(authorityKey), names);
  const issuer = distinguishedName(/^CN=(.*)$/m.exec(authority.subject)?.[1] ?? PRODUCT);
  return { certificate: signed({ ...validity, subject, issuer, publicKey, extensions }, authorityKey), key: privateKey };
}

interface ToBeSigned extends Validity {
  readonly subject: Der;
  readonly issuer: Der;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Der[];
}

/** RFC 5280, section 4.1. */
function signed({ subject, issuer, publicKey, notBefore, notAfter, extensions }: ToBeSigned, signingKey: KeyObject): X509Certificate {
  const serialNumber = randomBytes(16);
  serialNumber[0] = ((serialNumber[0] ?? 0) & 0x7f) | 0x40; // positive, and never shorter
  const body = sequence(
    tagged(0, X509_VERSION_3),
    integer(serialNumber),
    ECDSA_WITH_SHA256,
    issuer,
    sequence(time(notBefore), time(notAfter)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensions)),
  );
  const signature = sign('sha256', body, { key: signingKey, dsaEncoding: 'der' });
  return new X509Certificate(sequence(body, ECDSA_WITH_SHA256, bitString(signature)));
}

function distinguishedName(commonName: string): Der {
  const attribute = (oid: string, value: string): Der => set(sequence(objectIdentifier(oid), utf8String(value)));
  return sequence(attribute(ORGANISATION, PRODUCT), attribute(COMMON_NAME, commonName));
}

function newKeyPair(): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
}
