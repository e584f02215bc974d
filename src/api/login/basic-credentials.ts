import { Secret } from '../../lib/secret';
import type { Credentials } from '../../rws/ports';

const BASIC = /^basic +([a-z0-9+/]+={0,2})$/i;
// eslint-disable-next-line no-control-regex -- RFC 7617 forbids them in user name and password
const CONTROL = /[\u0000-\u001f\u007f]/;

/** Reads `Authorization: Basic …` (RFC 7617): UTF-8, else Latin-1. `undefined` when it is missing or malformed. */
export function parseBasicCredentials(header: string | undefined): Credentials | undefined {
  const encoded = BASIC.exec(header ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = decode(Buffer.from(encoded, 'base64'));
  const colon = text.indexOf(':');
  if (colon < 1 || CONTROL.test(text)) return undefined;
  return { userName: text.slice(0, colon), password: new Secret(text.slice(colon + 1)) };
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1'); // older desktops encode names and passwords so
  }
}
