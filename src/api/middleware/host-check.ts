import type { Request, RequestHandler } from 'express';
import { RWS_STATUS } from '../../shared/rws-error';
import { ApiError } from '../errors';

const OWN_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Stops DNS rebinding (local-api.md, *CORS and browsers*): a page whose own name was pointed at 127.0.0.1 still says that name in
 * Host. Exactly one Host header, and the authority of an absolute request target, must be ours, with the port the request came in by.
 */
export const hostCheck: RequestHandler = (request, _response, next) => {
  const hosts = request.headersDistinct['host'] ?? [];
  if (hosts.length !== 1 || !hosts.every((host) => isOwn(host, request)) || !isOwnTarget(request)) {
    throw new ApiError({
      httpStatus: 421,
      statusCode: RWS_STATUS.forbidden,
      message: 'This service answers on its own loopback address only.',
    });
  }
  next();
};

function isOwnTarget(request: Request): boolean {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(request.url)?.[1];
  return authority === undefined || isOwn(authority, request);
}

function isOwn(host: string, request: Request): boolean {
  const defaultPort = request.secure ? 443 : 80;
  const [, name = '', port = String(defaultPort)] = /^(.+?)(?::(\d{1,5}))?$/.exec(host.toLowerCase()) ?? [];
  return OWN_NAMES.includes(name) && Number(port) === request.socket.localPort;
}
