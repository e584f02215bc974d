import type { RequestHandler } from 'express';
import type { ConnectionOwner } from '../../lib/connection-owners';
import type { Logger } from '../../lib/logger';
import type { LogMessage } from '../../shared/log-events/catalogue';
import { RWS_STATUS } from '../../shared/rws-error';
import type { Callers } from '../callers';
import { ApiError } from '../errors';

const MAX_USERS_LOGGED = 50;
const ANOTHER_USER =
  'This Screen Recording Service belongs to another user of this computer. Each user needs a service of their own, on a port of their own.';
const NOBODY_THERE = 'It cannot be told which user of this computer this request comes from.';

export interface OwnerGuardDeps {
  readonly callers: Callers;
  /** Lets administrators on to a route that asks for the status token, and to no other. */
  readonly admitsAdministrators: boolean;
  readonly log: Logger;
}

/**
 * Refuses callers that run as another user of this computer (local-api.md, *Other users of the computer*): what they send as the agent
 * would be a theft of the seat, and their own agent's screen is not the one recorded here. Each is logged once. On a system that does not
 * tell, everybody passes, which is logged once too.
 */
export function createOwnerGuard({ callers, admitsAdministrators, log }: OwnerGuardDeps): RequestHandler {
  const logged = new Set<string>();
  const logOnce = (message: LogMessage<'warn'>, user = 'unknown'): void => {
    const key = `${message} ${user}`;
    if (logged.has(key) || logged.size >= MAX_USERS_LOGGED) return;
    logged.add(key);
    log.warn(message, { user });
  };
  const check = ({ relation, user }: ConnectionOwner): void => {
    if (relation === 'sameUser' || (relation === 'administrator' && admitsAdministrators)) return;
    if (relation === 'untold') return logOnce('this system does not tell which user a caller is: all are admitted');
    logOnce('request of another user of this computer refused', user);
    throw refused(relation === 'gone' ? NOBODY_THERE : ANOTHER_USER);
  };
  return (request, _response, next) => {
    callers
      .of(request.socket)
      .catch((error: unknown) => {
        log.error('it could not be found out which user a caller is', { error });
        throw notFoundOut();
      })
      .then(check)
      .then(() => next(), next);
  };
}

/** The connection is closed: whoever is refused by who they are has no use for it. */
function refused(message: string): ApiError {
  return new ApiError({ httpStatus: 403, statusCode: RWS_STATUS.forbidden, message, headers: { Connection: 'close' } });
}

function notFoundOut(): ApiError {
  return new ApiError({
    httpStatus: 503,
    statusCode: RWS_STATUS.internalError,
    message: 'It could not be found out in time which user of this computer this request comes from; try again.',
    headers: { 'Retry-After': '1', Connection: 'close' },
  });
}
