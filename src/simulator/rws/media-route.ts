import type { Request, Response } from 'express';
import { RWS_STATUS } from '../../shared/rws-error';
import { fail } from '../http/envelope';
import type { UploadDeps } from './accept-media';
import { agentOf } from './authentication';
import { withoutSuffix } from './upload-metadata';

interface MediaParameters {
  readonly contactCenterId: string;
  readonly recordingId: string;
  readonly fileName: string;
}

/** Gives a video that was taken, as `<mediaId>.mp4`; HEAD gives its size (rws.md, *What is public of recordings that RWS has*). */
export function showMedia({ store, manners }: UploadDeps) {
  return (request: Request<MediaParameters & Record<string, string>>, response: Response): void => {
    const { contactCenterId, recordingId, fileName } = request.params;
    if (request.method === 'HEAD' && !manners.head) return fail(response, 405, RWS_STATUS.parameterInvalid, 'Method not allowed');
    if (contactCenterId !== agentOf(response).contactCenterId)
      return fail(response, 403, RWS_STATUS.forbidden, 'Not allowed in this contact center');
    const mediaId = withoutSuffix(fileName, '.mp4');
    const recording = store.list().find((known) => known.mediaId === mediaId && known.recordingId === recordingId);
    const path = recording === undefined ? undefined : store.pathOf(recording.mediaId);
    if (path === undefined) return fail(response, 404, RWS_STATUS.notFound, 'Not found');
    response.type('video/mp4').sendFile(path, { dotfiles: 'allow' });
  };
}
