import type { Request } from 'express';
import { Secret } from '../../lib/secret';
import type { Credentials } from '../../rws/ports';
import { notAuthenticated } from '../errors';
import { sessionCookies } from './local-session';

const BASIC = /^basic +([a-z0-9+/]+={0,2})$/i;
// eslint-disable-next-line no-control-regex -- RFC 7617 forbids them in user name and password
const CONTROL = /[\u0000-\u001f\u007f]/;

/** What a caller shows to prove to be the agent. Basic decides when it sends both. */
export type GivenCredentials =
  { readonly type: 'basic'; readonly credentials: Credentials } | { readonly type: 'cookie'; readonly header: string };

/**
 * Credentials' form, before anything is read or asked: a well-formed Basic, or at least our cookie. Throws 401. Another scheme (a desktop's
 * own `Bearer`, say) means somebody else, and does not hide the cookie.
 */
export function givenCredentials(request: Pick<Request, 'headers'>): GivenCredentials {
  const { authorization, cookie = '' } = request.headers;
  if (authorization === undefined || !isBasic(authorization)) {
    if (sessionCookies(cookie).length === 0) throw notAuthenticated();
    return { type: 'cookie', header: cookie };
  }
  const credentials = parseBasicCredentials(authorization);
  if (credentials === undefined) throw notAuthenticated();
  return { type: 'basic', credentials };
}

/** Only a password signs in. Throws 401. */
export function requireBasic(given: GivenCredentials): Credentials {
  if (given.type !== 'basic') throw notAuthenticated();
  return given.credentials;
}

function isBasic(authorization: string): boolean {
  return /^basic(?: |$)/i.test(authorization);
}

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
