import type { Request, Response } from 'express';
import type { Logger } from '../../lib/logger';
import { Serial } from '../../lib/serial';
import type { LoginRequest, ScreenRecordingService, SignedInSession } from '../../service/ports';
import { isRwsError, RWS_STATUS } from '../../shared/rws-error';
import { parseBasicCredentials } from '../basic-credentials';
import { ApiError, notAuthenticated, retryAfter } from '../errors';
import type { LocalSessionStore } from '../local-session';
import { toLoginRefusal } from '../login-failure';
import type { LoginLimiter } from '../login-limiter';
import { resolveServers } from '../login-servers';
import type { LoginParameters } from '../me-request';
import type { LoginAnswer } from '../schemas';
import { setSessionCookie } from '../session-cookie';

export interface LoginDeps {
  readonly service: Pick<ScreenRecordingService, 'checkServers' | 'login'>;
  readonly localSessions: LocalSessionStore;
  readonly limiter: LoginLimiter;
  readonly log: Logger;
}

export type Login = (request: Request, response: Response, parameters: LoginParameters) => Promise<void>;

/**
 * Signs the agent in and answers with the outcome (local-api.md, *What login does*). Logins run one after the other, so that a refusal
 * counts before the next one of that user goes to RWS, and the cookie of the last one is the one that holds.
 */
export function createLogin(deps: LoginDeps): Login {
  const turns = new Serial();
  return async (request, response, parameters) => {
    const login = toLoginRequest(request, parameters, deps);
    logUnknownNames(parameters.unknownNames, deps.log);
    await turns.run(async () => {
      if (response.closed) return; // nobody waits for the answer any more
      const session = await signIn(login, deps);
      answer(request, response, session, deps.localSessions);
    });
  };
}

function toLoginRequest(request: Request, parameters: LoginParameters, deps: LoginDeps): LoginRequest {
  const credentials = parseBasicCredentials(request.headers.authorization);
  if (credentials === undefined) throw notAuthenticated();
  const servers = resolveServers(parameters);
  checkServers(servers, deps.service);
  const { place, devices = [] } = parameters;
  return { credentials, ...servers, details: { devices, ...(place === undefined ? {} : { place }) } };
}

/** Before it waits for its turn; neither of the two hears of it. */
function checkServers(servers: ReturnType<typeof resolveServers>, service: LoginDeps['service']): void {
  try {
    service.checkServers(servers);
  } catch (error) {
    throw toLoginRefusal(error);
  }
}

async function signIn(login: LoginRequest, { service, limiter }: LoginDeps): Promise<SignedInSession> {
  const { userName } = login.credentials;
  const waitMs = limiter.waitMs(userName);
  if (waitMs > 0) throw tooManyRefused(waitMs);
  try {
    return await service.login(login);
  } catch (error) {
    if (isRwsError(error, 'unauthenticated')) limiter.noteRefused(userName);
    throw toLoginRefusal(error);
  }
}

function answer(request: Request, response: Response, session: SignedInSession, localSessions: LocalSessionStore): void {
  const withCsrf = request.get('X-Support-CSRFP')?.trim().toLowerCase() === 'true';
  const { cookie, csrfToken } = localSessions.open(session.sessionId, { withCsrf });
  setSessionCookie(request, response, cookie);
  if (csrfToken !== undefined) response.set({ 'X-CSRF-HEADER': 'X-CSRF-TOKEN', 'X-CSRF-TOKEN': csrfToken });
  const { userName, firstName, lastName } = session.user;
  const body: LoginAnswer = { statusCode: RWS_STATUS.ok, user: { userName, firstName, lastName } };
  response.status(200).json(body);
}

function logUnknownNames(names: readonly string[], log: Logger): void {
  if (names.length === 0) return;
  log.info('unknown login parameters ignored', { names: names.slice(0, 10).map((name) => name.slice(0, 60)) });
}

function tooManyRefused(waitMs: number): ApiError {
  return new ApiError({
    httpStatus: 429,
    statusCode: RWS_STATUS.forbidden,
    message: 'Too many logins were refused; wait before the next one.',
    headers: retryAfter(waitMs),
  });
}
