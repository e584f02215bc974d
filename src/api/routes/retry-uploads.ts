import type { Request, RequestHandler } from 'express';
import type { Secret } from '../../lib/secret';
import type { ScreenRecordingService } from '../../service/ports';
import { RWS_STATUS } from '../../shared/rws-error';
import { ApiError } from '../errors';
import { checkField, parseJsonBody, requireJson } from '../json-body';
import { afterBody } from '../middleware/request-body';
import { retryRequestSchema, type RetryAnswer } from '../schemas';
import { requireStatusToken } from '../status-token';

/** `POST /uploads/retry`: tries one waiting recording again, or all; for the same local tools as `GET /status`. Never with CORS headers. */
export function createRetryUploads(service: Pick<ScreenRecordingService, 'retryUploads'>, token: Secret): RequestHandler {
  const handle = afterBody(async (request, response) => {
    const mediaId = readMediaId(request);
    const retried = await service.retryUploads(mediaId);
    if (mediaId !== undefined && retried === 0) throw unknownMedia(mediaId);
    response.status(200).json({ statusCode: RWS_STATUS.ok, retried } satisfies RetryAnswer);
  });
  return (request, response, next) => {
    requireStatusToken(request, token);
    return handle(request, response, next);
  };
}

function readMediaId(request: Request): string | undefined {
  const body = parseJsonBody(request.body);
  if (body === undefined) return undefined;
  requireJson(request);
  return checkField(retryRequestSchema, body, 'body').mediaId;
}

function unknownMedia(mediaId: string): ApiError {
  return new ApiError({
    httpStatus: 404,
    statusCode: RWS_STATUS.notFound,
    message: `No recording with the media id "${mediaId}" waits to be uploaded.`,
  });
}
