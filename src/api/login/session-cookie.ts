import type { CookieOptions, Request, Response } from 'express';
import { SESSION_COOKIE } from './local-session';

export function setSessionCookie(request: Request, response: Response, value: string): void {
  response.cookie(SESSION_COOKIE, value, attributes(request));
}

export function clearSessionCookie(request: Request, response: Response): void {
  response.clearCookie(SESSION_COOKIE, attributes(request));
}

/**
 * `SameSite=None` is what lets a page of another site send it, and browsers take that only with `Secure`; over plain http from a
 * plain http page they would drop a Secure cookie (local-api.md, *Session cookie and CSRF*).
 */
function attributes(request: Request): CookieOptions {
  const isSecure = request.secure || request.headers.origin?.startsWith('https:') === true;
  return { path: '/', httpOnly: true, ...(isSecure ? { sameSite: 'none', secure: true } : { sameSite: 'lax' }) };
}
