import type { RequestHandler } from 'express';
import type { Secret } from '../../lib/secret';
import type { ScreenRecordingService } from '../../service/ports';
import { requireStatusToken } from '../status-token';

/** `GET /status`: the whole snapshot, for local tools that can read the token's file. Never with CORS headers. */
export function createStatus(service: Pick<ScreenRecordingService, 'snapshot'>, token: Secret): RequestHandler {
  return (request, response) => {
    requireStatusToken(request, token);
    response.status(200).json(service.snapshot());
  };
}
