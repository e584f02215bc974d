import { isAppError } from '../../shared/errors';
import { isRwsError, RWS_STATUS, type RwsError } from '../../shared/rws-error';
import { ApiError, notAuthenticated, retryAfter } from '../errors';

const DEFAULT_RETRY_MS = 5_000;
const MAX_MESSAGE_LENGTH = 300;

/** The table of local-api.md, *What login does*, for a login that failed. Anything that is not in it is handed on as it is. */
export function toLoginRefusal(error: unknown): unknown {
  if (isRwsError(error)) return fromRws(error);
  if (isAppError(error, 'invalidRequest')) return noServerKnown();
  if (isAppError(error, 'configuration')) return unavailable(oneSentence(error.message), undefined);
  if (isAppError(error, 'serverRefused')) return serverRefused(error.message);
  if (isAppError(error, 'aborted')) return unavailable('The login was interrupted; try again.', DEFAULT_RETRY_MS);
  return error;
}

function noServerKnown(): ApiError {
  return new ApiError({
    httpStatus: 400,
    statusCode: RWS_STATUS.parameterMissing,
    message: 'Parameter server is missing: neither the login nor the configuration names a recording server.',
  });
}

function serverRefused(message: string): ApiError {
  return new ApiError({ httpStatus: 403, statusCode: RWS_STATUS.forbidden, message });
}

function fromRws(error: RwsError): ApiError {
  if (error.kind === 'unauthenticated') return notAuthenticated();
  if (error.kind === 'refused' && isRefusalOfTheAgent(error)) {
    return new ApiError({
      httpStatus: 403,
      statusCode: error.statusCode ?? RWS_STATUS.forbidden,
      message: oneSentence(error.statusMessage) || 'The recording server refused the agent.',
    });
  }
  return unavailable(whatHappened(error), error.retryAfterMs);
}

/** As what it is: an answer that is an error, or none. */
function whatHappened({ httpStatus, statusMessage }: RwsError): string {
  if (httpStatus === undefined) return 'The recording server could not be reached or did not answer properly; try again.';
  return `The recording server answered with an error (HTTP ${httpStatus}): ${oneSentence(statusMessage) || 'it gave no reason'}; try again.`;
}

/** A 404 or 400 comes from a server that is not RWS, or not where it was looked for: that is no word about the agent. */
function isRefusalOfTheAgent(error: RwsError): boolean {
  const isAgentCode = [RWS_STATUS.forbidden, RWS_STATUS.notAuthorised, RWS_STATUS.passwordChangeNeeded].some(
    (code) => code === error.statusCode,
  );
  return error.httpStatus === 403 || isAgentCode;
}

function unavailable(message: string, retryAfterMs: number | undefined): ApiError {
  return new ApiError({
    httpStatus: 503,
    statusCode: RWS_STATUS.internalError,
    message,
    headers: retryAfter(retryAfterMs ?? DEFAULT_RETRY_MS),
  });
}

/** An answer of RWS is outside input. */
function oneSentence(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_MESSAGE_LENGTH);
}
