import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from '../../lib/logger';
import { RWS_STATUS } from '../../shared/rws-error';
import { ApiError } from '../errors';
import type { ErrorAnswer } from '../schemas';

export const notFound: RequestHandler = () => {
  throw new ApiError({ httpStatus: 404, statusCode: RWS_STATUS.notFound, message: 'There is no such resource.' });
};

/** The one place where errors become answers. Express knows it by its four parameters. An unknown error's own text goes to the log, never to the caller. */
export function createErrorAnswer(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const refusal = error instanceof ApiError ? error : fromBodyParser(error);
    if (refusal === undefined) log.error('request failed', { method: request.method, path: request.path, error });
    if (response.headersSent) {
      request.socket.destroy();
      return;
    }
    const answer: ErrorAnswer =
      refusal === undefined
        ? { statusCode: RWS_STATUS.internalError, statusMessage: 'The service failed; its log says why.' }
        : { statusCode: refusal.statusCode, statusMessage: refusal.message };
    response.status(refusal?.httpStatus ?? 500).set(refusal?.headers ?? {});
    response.json(answer);
  };
}

const BODY_REFUSALS: Readonly<Record<string, readonly [httpStatus: number, message: string]>> = {
  'entity.too.large': [413, 'The body is larger than 64 KiB.'],
  'encoding.unsupported': [415, 'A body must not be compressed.'],
  'request.aborted': [400, 'The body ended early.'],
  'request.size.invalid': [400, 'The body is not as long as Content-Length says.'],
};

/** `body-parser` marks its errors with a `type`. */
function fromBodyParser(error: unknown): ApiError | undefined {
  const type = typeof error === 'object' && error !== null && 'type' in error ? String(error.type) : '';
  const known = Object.hasOwn(BODY_REFUSALS, type) ? BODY_REFUSALS[type] : undefined;
  if (known === undefined) return undefined;
  return new ApiError({ httpStatus: known[0], statusCode: RWS_STATUS.parameterInvalid, message: known[1] });
}
