import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { RWS_STATUS } from '../../shared/rws-error';
import type { Accounts, AgentIdentity } from '../accounts';
import { fail } from '../http/envelope';
import type { StrictModes } from '../options';
import { parseCookies, SESSION_COOKIE, type HttpSession, type HttpSessions } from './http-sessions';

const CSRF_HEADER = 'X-CSRF-TOKEN';
const CSRF_REFUSED = 'Missing or invalid Csrf token';

export interface AuthenticationDeps {
  readonly accounts: Accounts;
  readonly sessions: HttpSessions;
  readonly strict: () => StrictModes;
  /** Path of `me`: a GET there with Basic always signs in. */
  readonly mePath: string;
}

/** Basic on every call, one HTTP session per client, CSRF by indirection (rws.md, *Conventions*). */
export function authenticate(deps: AuthenticationDeps): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const agent = deps.accounts.authenticate(request.headers.authorization);
    if (agent === undefined) {
      fail(response, 401, RWS_STATUS.notAuthenticated, 'Not authenticated');
      return;
    }
    const session = openSession(deps, request, response, agent);
    if (session === undefined) {
      fail(response, 403, RWS_STATUS.notAuthenticated, 'Session is not authenticated');
      return;
    }
    if (deps.strict().csrf) {
      response.setHeader('X-CSRF-HEADER', CSRF_HEADER);
      response.setHeader(CSRF_HEADER, session.csrfToken);
      if (isStateChanging(request) && request.get(CSRF_HEADER) !== session.csrfToken) {
        fail(response, 403, RWS_STATUS.forbidden, CSRF_REFUSED);
        return;
      }
    }
    Object.assign(response.locals, { agent, session });
    next();
  };
}

export function agentOf(response: Response): AgentIdentity {
  return (response.locals as { agent: AgentIdentity }).agent;
}

/** Absent before `authenticate` has let the request in. */
export function sessionOf(response: Response): HttpSession | undefined {
  return (response.locals as { session?: HttpSession }).session;
}

/** The session this request belongs to, a new one where that is allowed, or `undefined`: log in again. */
function openSession(deps: AuthenticationDeps, request: Request, response: Response, agent: AgentIdentity): HttpSession | undefined {
  const { sessions } = deps;
  const { cookies: areRequired, sessionSeconds } = deps.strict();
  const isSignIn = request.method === 'GET' && request.path === deps.mePath;
  const cookies = parseCookies(request.headers.cookie);
  const known = sessions.find(cookies.get(SESSION_COOKIE));
  const isOver = known !== undefined && sessionSeconds > 0 && Date.now() - known.confirmedAt > sessionSeconds * 1000;
  if (known !== undefined && !isOver && known.userName === agent.userName) {
    const areReturned = known.isReturnedBy(cookies);
    if (isSignIn) known.confirmedAt = Date.now();
    else if (!areReturned && (areRequired || known.mustReturnCookies)) return undefined;
    if (sessions.takeRotation(known) || (isSignIn && !areReturned)) response.setHeader('Set-Cookie', known.setCookieLines);
    return known;
  }
  if (known !== undefined) sessions.end(known);
  if (!isSignIn && (areRequired || sessionSeconds > 0)) return undefined;
  const created = sessions.create(agent.userName);
  response.setHeader('Set-Cookie', created.setCookieLines);
  return created;
}

function isStateChanging(request: Request): boolean {
  return ['POST', 'PUT', 'PATCH', 'DELETE'].includes(request.method);
}
