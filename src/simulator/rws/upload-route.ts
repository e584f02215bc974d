import type { Request, Response } from 'express';
import { RWS_STATUS } from '../../shared/rws-error';
import type { AgentIdentity } from '../accounts';
import { fail, succeed } from '../http/envelope';
import { isValidId } from '../media-store';
import { acceptMedia, ALREADY_EXISTS, refuseMetadata, Refusal, type UploadDeps } from './accept-media';
import { agentOf } from './authentication';
import { receiveForm } from './receive-form';
import type { UploadManners } from '../options';
import { parseMetadata, withoutSuffix } from './upload-metadata';

interface UploadParameters {
  readonly contactCenterId: string;
  readonly recordingId: string;
  readonly mediaId: string;
}

/** Takes a recording as multipart/form-data (rws.md, *Upload*). */
export function receiveUpload(deps: UploadDeps) {
  return async (request: Request<UploadParameters & Record<string, string>>, response: Response): Promise<void> => {
    const agent = agentOf(response);
    const suffix = deps.manners.mediaIdSuffix;
    const refusal = refuseRequest(deps, request, agent);
    if (refusal !== undefined) {
      refuse(response, refusal);
      return;
    }
    const form = await receiveForm(request, deps.store, deps.manners).catch((error: Error) => error);
    if (form instanceof Error) {
      if (!request.socket.destroyed) fail(response, 400, RWS_STATUS.parameterInvalid, 'Not the form that is expected here');
      return;
    }
    const metadata = parseMetadata(form.metadata, suffix);
    const problem =
      typeof metadata === 'string' ? metadata : compareWithPath(metadata.id, metadata.mediaFiles[0].mediaId, request.params, suffix);
    if (typeof metadata === 'string' || problem !== undefined) {
      await deps.store.discard(form.media);
      fail(response, 400, RWS_STATUS.parameterInvalid, problem ?? 'metadata is invalid');
      return;
    }
    const forbidden = refuseMetadata(metadata, agent, deps.strict());
    if (forbidden !== undefined) await deps.store.discard(form.media);
    const outcome = forbidden ?? (await acceptMedia(deps, agent, { metadata, media: form.media }));
    if (outcome instanceof Refusal) refuse(response, outcome);
    else tellSuccess(response, deps.manners, { sha256: outcome.sha256, size: String(outcome.size) });
  };
}

function tellSuccess(response: Response, { answer }: UploadManners, stored: { readonly sha256: string; readonly size: string }): void {
  if (answer === 'statusCode0') succeed(response, stored, 201);
  else if (answer === 'json') response.status(200).json({ stored: true });
  else response.status(200).type('text').send('{status:0}');
}

function refuseRequest(
  { store, strict, manners }: UploadDeps,
  request: Request<UploadParameters & Record<string, string>>,
  agent: AgentIdentity,
): Refusal | undefined {
  const { contactCenterId, recordingId } = request.params;
  const mediaId = withoutSuffix(request.params.mediaId, manners.mediaIdSuffix);
  const length = Number(request.headers['content-length']);
  const { maxUploadBytes } = strict();
  if (contactCenterId !== agent.contactCenterId) return new Refusal(403, RWS_STATUS.forbidden, 'Not allowed in this contact center');
  if (mediaId === undefined || !isValidId(recordingId) || !isValidId(mediaId))
    return new Refusal(400, RWS_STATUS.parameterInvalid, 'Invalid id');
  if (!request.is('multipart/form-data')) return new Refusal(415, RWS_STATUS.parameterInvalid, 'multipart/form-data is required');
  if (Number.isNaN(length)) return new Refusal(411, RWS_STATUS.parameterMissing, 'Content-Length is required');
  if (maxUploadBytes > 0 && length > maxUploadBytes) return new Refusal(413, RWS_STATUS.parameterInvalid, 'The media is too large');
  return store.has(mediaId) ? ALREADY_EXISTS : undefined;
}

function compareWithPath(recordingId: string, mediaId: string, path: UploadParameters, suffix: string): string | undefined {
  return recordingId === path.recordingId && `${mediaId}${suffix}` === path.mediaId
    ? undefined
    : 'metadata names another recording than the path';
}

function refuse(response: Response, { httpStatus, statusCode, statusMessage }: Refusal): void {
  fail(response, httpStatus, statusCode, statusMessage);
}
