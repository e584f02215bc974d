import { RWS_STATUS } from '../../shared/rws-error';
import type { Activity } from '../activity';
import type { AgentIdentity } from '../accounts';
import type { MediaStore, ReceivedMedia, ReceivedRecording } from '../media-store';
import type { DataCentreName, StrictModes, UploadManners } from '../options';
import type { ReceivedMetadata } from './upload-metadata';

export interface UploadDeps {
  readonly store: MediaStore;
  readonly activity: Activity;
  readonly dataCentre: DataCentreName;
  readonly strict: () => StrictModes;
  readonly manners: UploadManners;
}

/** Why an upload is not taken, as the answer says it. */
export class Refusal {
  readonly httpStatus: number;
  readonly statusCode: number;
  readonly statusMessage: string;

  constructor(httpStatus: number, statusCode: number, statusMessage: string) {
    this.httpStatus = httpStatus;
    this.statusCode = statusCode;
    this.statusMessage = statusMessage;
  }
}

export const ALREADY_EXISTS = new Refusal(409, RWS_STATUS.alreadyExists, 'Media already exists');

/** Says why this agent may not send this metadata, if so. */
export function refuseMetadata(metadata: ReceivedMetadata, agent: AgentIdentity, strict: StrictModes): Refusal | undefined {
  const owner = metadata.mediaFiles[0].parameters.contact.userName;
  if (!strict.ownUploadsOnly || owner === agent.userName) return undefined;
  return new Refusal(403, RWS_STATUS.forbidden, 'Not allowed for another agent');
}

/** Compares the bytes with what the metadata says, and keeps them. Drops them otherwise. */
export async function acceptMedia(
  { store, activity, dataCentre }: UploadDeps,
  agent: AgentIdentity,
  upload: { readonly metadata: ReceivedMetadata; readonly media: ReceivedMedia },
): Promise<ReceivedRecording | Refusal> {
  const { metadata, media } = upload;
  const [file] = metadata.mediaFiles;
  if (file.sha256 !== media.sha256 || Number(file.size) !== media.size) {
    await store.discard(media);
    return new Refusal(400, RWS_STATUS.parameterInvalid, 'size or sha256 differ from the media received');
  }
  const origin = { recordingId: metadata.id, mediaId: file.mediaId, uploadedBy: agent.userName, dataCentre, metadata };
  const recording = await store.commit(media, origin);
  if (recording === undefined) return ALREADY_EXISTS;
  activity.changed();
  return recording;
}
