import { createHash, type KeyObject } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import { bitString, boolean, integer, objectIdentifier, octetString, sequence, tagged, taggedBytes, type Der } from './der';

/** The X.509 extensions of RFC 5280, section 4.2, that this product's certificates have. */
const OID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;
const DNS_NAME = 2;
const IP_ADDRESS = 7;
/** Bit 0 is the highest: digitalSignature 0, keyCertSign 5, cRLSign 6. */
const DIGITAL_SIGNATURE = bitString(Buffer.from([0b1000_0000]), 7);
const SIGN_CERTIFICATES_AND_LISTS = bitString(Buffer.from([0b0000_0110]), 1);

export function authorityExtensions(publicKey: KeyObject, names: readonly string[]): readonly Der[] {
  return [
    critical(OID.basicConstraints, sequence(boolean(true), integer(Buffer.from([0])))),
    critical(OID.keyUsage, SIGN_CERTIFICATES_AND_LISTS),
    critical(OID.nameConstraints, sequence(tagged(0, ...names.map((name) => sequence(subtree(name)))))),
    plain(OID.extendedKeyUsage, sequence(objectIdentifier(OID.serverAuth))),
    plain(OID.subjectKeyIdentifier, octetString(keyIdentifier(publicKey))),
  ];
}

export function serverExtensions(publicKey: KeyObject, authorityKey: KeyObject, names: readonly string[]): readonly Der[] {
  return [
    critical(OID.basicConstraints, sequence()),
    critical(OID.keyUsage, DIGITAL_SIGNATURE),
    plain(OID.extendedKeyUsage, sequence(objectIdentifier(OID.serverAuth))),
    plain(OID.subjectAltName, sequence(...names.map(generalName))),
    plain(OID.subjectKeyIdentifier, octetString(keyIdentifier(publicKey))),
    plain(OID.authorityKeyIdentifier, sequence(taggedBytes(0, keyIdentifier(authorityKey)))),
  ];
}

function critical(oid: string, value: Der): Der {
  return sequence(objectIdentifier(oid), boolean(true), octetString(value));
}

function plain(oid: string, value: Der): Der {
  return sequence(objectIdentifier(oid), octetString(value));
}

function keyIdentifier(publicKey: KeyObject): Buffer {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()
    .subarray(0, 20);
}

function generalName(name: string): Der {
  return isAddress(name) ? taggedBytes(IP_ADDRESS, addressBytes(name)) : taggedBytes(DNS_NAME, Buffer.from(name, 'ascii'));
}

/** A name constraint: an address carries its mask, here always for that one address. */
function subtree(name: string): Der {
  if (!isAddress(name)) return generalName(name);
  const bytes = addressBytes(name);
  return taggedBytes(IP_ADDRESS, Buffer.concat([bytes, Buffer.alloc(bytes.length, 0xff)]));
}

function isAddress(name: string): boolean {
  return isIPv4(name) || isIPv6(name);
}

/** Of IPv6 only the loopback address is needed. */
function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  if (address !== '::1') throw new RangeError(`not a loopback address: ${address}`);
  return Buffer.concat([Buffer.alloc(15), Buffer.from([1])]);
}
