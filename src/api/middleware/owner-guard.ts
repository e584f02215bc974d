import type { RequestHandler } from 'express';
import type { ConnectionOwner } from '../../lib/connection-owners';
import type { Logger } from '../../lib/logger';
import type { LogMessage } from '../../shared/log-events/catalogue';
import { RWS_STATUS } from '../../shared/rws-error';
import type { Callers } from '../callers';
import { ApiError } from '../errors';
import type { UntoldCallers } from '../untold-callers';

const MAX_USERS_LOGGED = 50;
const ANOTHER_USER =
  'This Screen Recording Service belongs to another user of this computer. Each user needs a service of their own, on a port of their own.';
const NOBODY_THERE = 'It cannot be told which user of this computer this request comes from.';

export interface OwnerGuardDeps {
  readonly callers: Callers;
  readonly untold: UntoldCallers;
  /** Lets administrators on to a route that asks for the status token, and to no other. */
  readonly admitsAdministrators: boolean;
  readonly log: Logger;
}

/**
 * Refuses callers that run as another user of this computer (local-api.md, *Other users of the computer*): what they send as the agent
 * would be a theft of the seat, and their own agent's screen is not the one recorded here. Each is logged once. Of whom it cannot be told,
 * `untold` decides.
 */
export function createOwnerGuard({ callers, untold, admitsAdministrators, log }: OwnerGuardDeps): RequestHandler {
  const logged = new Set<string>();
  const logOnce = (message: LogMessage<'warn'>, fields: Readonly<Record<string, string>>): void => {
    const key = `${message} ${Object.values(fields).join()}`;
    if (logged.has(key) || logged.size >= MAX_USERS_LOGGED) return;
    logged.add(key);
    log.warn(message, fields);
  };
  const checkUntold = async (owner: Extract<ConnectionOwner, { relation: 'untold' }>): Promise<void> => {
    const isAdmitted = await untold.isAdmitted(owner);
    const { reason } = owner;
    if (isAdmitted) logOnce('caller admitted of whom it cannot be told which user it is', { reason });
    else logOnce('caller refused of whom it cannot be told which user it is', { reason });
    if (!isAdmitted) throw refused(NOBODY_THERE);
  };
  const check = (owner: ConnectionOwner): Promise<void> | void => {
    if (owner.relation === 'untold') return checkUntold(owner);
    if (owner.relation !== 'gone') untold.told();
    const { relation, user } = owner;
    if (relation === 'sameUser' || (relation === 'administrator' && admitsAdministrators)) return;
    logOnce('request of another user of this computer refused', { user: user ?? 'unknown' });
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
