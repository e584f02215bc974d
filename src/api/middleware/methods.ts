import type { RequestHandler } from 'express';
import { RWS_STATUS } from '../../shared/rws-error';
import { ApiError } from '../errors';

export type MethodTable = Readonly<Partial<Record<'GET' | 'HEAD' | 'POST' | 'OPTIONS', RequestHandler>>>;

/** Hands a request to the handler of its method; `405` with `Allow` for every other. */
export function byMethod(table: MethodTable): RequestHandler {
  const handlers = new Map(Object.entries(table));
  const allow = [...handlers.keys()].join(', ');
  return (request, response, next) => {
    const handler = handlers.get(request.method);
    if (handler === undefined) {
      throw new ApiError({
        httpStatus: 405,
        statusCode: RWS_STATUS.parameterInvalid,
        message: `This resource takes ${allow}.`,
        headers: { Allow: allow },
      });
    }
    return handler(request, response, next);
  };
}

/** An allowed OPTIONS that the CORS middleware did not answer: a native desktop's, without Origin. */
export const plainOptions: RequestHandler = (_request, response) => {
  response.status(200).end();
};

export function onlyFor(method: string, handler: RequestHandler): RequestHandler {
  return (request, response, next) => (request.method === method ? handler(request, response, next) : next());
}
