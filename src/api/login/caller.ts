import type { Request } from 'express';
import type { Credentials } from '../../rws/ports';
import { parseBasicCredentials } from './basic-credentials';
import { notAuthenticated } from '../errors';
import { sessionCookies } from './local-session';

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
