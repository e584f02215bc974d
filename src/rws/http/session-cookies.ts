import { Cookie, CookieJar } from 'tough-cookie';
import type { RwsHeaders } from '../ports';

const DAY_MS = 86_400_000;

/**
 * The cookies of one login, all of them (rws.md, *Conventions*). A cookie is kept until the login ends or the server takes it back: its
 * future expiry is not looked at, because this computer's clock may be wrong or be set, and then the session would go with the cookie.
 */
export class SessionCookies {
  readonly #jar = new CookieJar(undefined, { looseMode: true, rejectPublicSuffixes: false });

  /** The value of a `Cookie` header; empty for none. */
  headerFor(url: string): Promise<string> {
    return this.#jar.getCookieString(url);
  }

  /** Takes the cookies out of an answer. */
  async note(url: string, headers: RwsHeaders, nowMs: number): Promise<void> {
    const texts = headers['set-cookie'] ?? [];
    for (const text of typeof texts === 'string' ? [texts] : texts) {
      const cookie = Cookie.parse(text, { loose: true });
      if (cookie === undefined || `${cookie.key}${cookie.value}` === '') continue;
      cookie.expires = isTakenBack(cookie, serverTime(headers) ?? nowMs - DAY_MS) ? new Date(0) : 'Infinity';
      cookie.maxAge = null;
      await this.#jar.setCookie(cookie, url, { ignoreError: true });
    }
  }

  clear(): void {
    this.#jar.removeAllCookiesSync();
  }
}

/** `Max-Age` goes before `Expires` (RFC 6265, 5.3). */
function isTakenBack({ maxAge, expires }: Cookie, atMs: number): boolean {
  if (maxAge !== null) return maxAge === '-Infinity' || (typeof maxAge === 'number' && maxAge <= 0);
  return expires instanceof Date && expires.getTime() <= atMs;
}

/** By the server's own clock, as `Expires` is. */
function serverTime({ date }: RwsHeaders): number | undefined {
  const time = typeof date === 'string' ? Date.parse(date) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
