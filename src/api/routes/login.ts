import type { Request, Response } from 'express';
import type { Logger } from '../../lib/logger';
import type { LoginRequest, ScreenRecordingService, SignedInSession } from '../../service/ports';
import type { Credentials } from '../../rws/ports';
import { RWS_STATUS } from '../../shared/rws-error';
import type { CredentialsCheck } from '../login/credentials-check';
import type { LocalSessionStore } from '../login/local-session';
import { toLoginRefusal } from '../login/login-failure';
import { resolveServers } from '../login/login-servers';
import type { LoginParameters } from '../login/me-request';
import type { LoginAnswer } from '../schemas';
import { setSessionCookie } from '../login/session-cookie';
import { omitUndefined } from '../../shared/omit-undefined';

export interface LoginDeps {
  readonly service: Pick<ScreenRecordingService, 'checkServers'>;
  readonly check: CredentialsCheck;
  readonly localSessions: LocalSessionStore;
  readonly log: Logger;
}

export type Login = (request: Request, response: Response, asked: AskedLogin) => Promise<void>;

export interface AskedLogin {
  readonly credentials: Credentials;
  readonly parameters: LoginParameters;
}

/** Signs the agent in and answers with the outcome (local-api.md, *What login does*). The cookie of the last login is the one that holds. */
export function createLogin(deps: LoginDeps): Login {
  return async (request, response, asked) => {
    const login = toLoginRequest(asked, deps);
    logUnknownNames(asked.parameters.unknownNames, deps.log);
    await deps.check.signIn(
      login,
      () => !response.closed,
      (session) => answer(request, response, session, deps.localSessions),
    );
  };
}

function toLoginRequest({ credentials, parameters }: AskedLogin, deps: LoginDeps): LoginRequest {
  const servers = resolveServers(parameters);
  checkServers(servers, deps.service);
  const { place, devices = [] } = parameters;
  return { credentials, ...servers, details: { devices, ...omitUndefined({ place }) } };
}

/** Before it waits for its turn; neither of the two hears of it. */
function checkServers(servers: ReturnType<typeof resolveServers>, service: LoginDeps['service']): void {
  try {
    service.checkServers(servers);
  } catch (error) {
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
