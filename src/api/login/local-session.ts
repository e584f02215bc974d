import { randomBytes, randomUUID } from 'node:crypto';
import { Secret } from '../../lib/secret';
import { omitUndefined } from '../../shared/omit-undefined';

export const SESSION_COOKIE = 'SRSSESSIONID';

export interface OpenedLocalSession {
  readonly cookie: string;
  /** Present when the login asked for CSRF protection. */
  readonly csrfToken?: string;
}

interface LocalSession {
  readonly sessionId: string;
  readonly cookie: Secret;
  readonly csrfToken?: Secret;
}

/**
 * What the last successful login was given: cookie and CSRF token (local-api.md, *Session cookie and CSRF*).
 *
 * INVARIANTS
 * - There is at most one: a new login voids the cookie and the token before it.
 * - Both hold only for the service's session they were given for, which callers name by its `sessionId`; when that is gone
 *   (logout, expiry, hot seat) so are they, without anybody having to tell this store.
 */
export class LocalSessionStore {
  #session: LocalSession | undefined;

  open(sessionId: string, options: { readonly withCsrf: boolean }): OpenedLocalSession {
    const cookie = randomBytes(32).toString('base64url');
    const csrfToken = options.withCsrf ? randomUUID() : undefined;
    const secret = csrfToken === undefined ? undefined : new Secret(csrfToken);
    this.#session = { sessionId, cookie: new Secret(cookie), ...omitUndefined({ csrfToken: secret }) };
    return { cookie, ...omitUndefined({ csrfToken }) };
  }

  /** @returns whether there was anything to close: a later login's cookie and token stay as they are */
  close(sessionId: string): boolean {
    if (this.#session !== undefined && this.#session.sessionId !== sessionId) return false;
    this.#session = undefined;
    return true;
  }

  /** @param cookieHeader the whole Cookie header: another program on this host may have set a cookie of the same name, so any may fit */
  acceptsCookie(sessionId: string, cookieHeader: string | undefined): boolean {
    const session = this.#of(sessionId);
    return session !== undefined && sessionCookies(cookieHeader).some((value) => session.cookie.equals(new Secret(value)));
  }

  /** `true` also when this session's login did not ask for CSRF protection. */
  acceptsCsrfToken(sessionId: string, token: string | undefined): boolean {
    const expected = this.#of(sessionId)?.csrfToken;
    return expected === undefined || (token !== undefined && expected.equals(new Secret(token)));
  }

  #of(sessionId: string): LocalSession | undefined {
    return this.#session?.sessionId === sessionId ? this.#session : undefined;
  }
}

/** The values of our cookie in a Cookie header. */
export function sessionCookies(cookieHeader: string | undefined): string[] {
  return (cookieHeader ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${SESSION_COOKIE}=`))
    .map((pair) => pair.slice(SESSION_COOKIE.length + 1));
}
