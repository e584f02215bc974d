import type { Request, Response } from 'express';
import type { ScreenRecordingService } from '../../service/ports';
import { RWS_STATUS } from '../../shared/rws-error';
import type { GivenCredentials } from '../login/caller';
import type { CredentialsCheck } from '../login/credentials-check';
import { ApiError } from '../errors';
import { requireJson } from '../json-body';
import type { LocalSessionStore } from '../login/local-session';
import type { DoneAnswer } from '../schemas';
import { clearSessionCookie } from '../login/session-cookie';

export interface LogoutDeps {
  readonly service: Pick<ScreenRecordingService, 'logout'>;
  readonly check: CredentialsCheck;
  readonly localSessions: LocalSessionStore;
}

export type Logout = (request: Request, response: Response, given: GivenCredentials) => Promise<void>;

/** Ends the session of the agent who asks (local-api.md, *Logout*). */
export function createLogout({ service, check, localSessions }: LogoutDeps): Logout {
  return async (request, response, given) => {
    requireJson(request);
    const session = check.requireForLogout(given);
    if (!localSessions.acceptsCsrfToken(session.sessionId, request.get('X-CSRF-Token'))) throw csrfRefused();
    await service.logout(session.sessionId);
    if (localSessions.close(session.sessionId)) clearSessionCookie(request, response);
    response.status(200).json({ statusCode: RWS_STATUS.ok } satisfies DoneAnswer);
  };
}

function csrfRefused(): ApiError {
  return new ApiError({ httpStatus: 403, statusCode: RWS_STATUS.forbidden, message: 'Missing or invalid Csrf token' });
}
