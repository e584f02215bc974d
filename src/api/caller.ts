import type { Request } from 'express';
import type { ScreenRecordingService, SignedInSession } from '../service/ports';
import { notAuthenticated } from './errors';
import { parseBasicCredentials } from './basic-credentials';
import { type LocalSessionStore, sessionCookies } from './local-session';

export interface CallerDeps {
  readonly service: Pick<ScreenRecordingService, 'current'>;
  readonly localSessions: LocalSessionStore;
}

/**
 * The open session, if the caller proves to be its agent: by Basic, or by the cookie of the last login. Basic decides when both are sent.
 * Throws 401 in every other case, the same whether or not anybody is signed in.
 */
export function requireOwnSession(request: Request, { service, localSessions }: CallerDeps): SignedInSession {
  const session = service.current();
  if (session !== undefined && isOwner(request, session, localSessions)) return session;
  throw notAuthenticated();
}

/** Credentials' form, before anything is read or asked: a well-formed Basic, or at least our cookie. */
export function requireCredentialsForm(request: Request): void {
  const { authorization, cookie } = request.headers;
  const isWellFormed = authorization === undefined ? sessionCookies(cookie).length > 0 : parseBasicCredentials(authorization) !== undefined;
  if (!isWellFormed) throw notAuthenticated();
}

function isOwner(request: Request, session: SignedInSession, localSessions: LocalSessionStore): boolean {
  const { authorization, cookie } = request.headers;
  if (authorization === undefined) return localSessions.acceptsCookie(session.sessionId, cookie);
  const credentials = parseBasicCredentials(authorization);
  return credentials !== undefined && session.verify(credentials);
}
