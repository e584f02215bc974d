import type { RequestHandler } from 'express';
import { Secret } from '../../lib/secret';
import type { ScreenRecordingService } from '../../service/ports';
import { notAuthenticated } from '../errors';

/** `GET /status`: the whole snapshot, for local tools that can read the token's file. Never with CORS headers. */
export function createStatus(service: Pick<ScreenRecordingService, 'snapshot'>, token: Secret): RequestHandler {
  return (request, response) => {
    const given = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined || !token.equals(new Secret(given))) throw notAuthenticated();
    response.status(200).json(service.snapshot());
  };
}
