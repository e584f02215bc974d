import type { RwsConfiguration } from '../config/schema';
import type { SpoolJob } from '../spool/ports';

/** What a server may name otherwise, and which answers count (rws.md, *Upload*). */
export interface UploadNames {
  readonly paths: Pick<RwsConfiguration['paths'], 'upload' | 'resumable' | 'content'>;
  readonly upload: RwsConfiguration['upload'];
}

/** The job as RWS is told of it: its media id with `rws.upload.mediaIdSuffix`. */
export function asOnWire(job: SpoolJob, { upload: { mediaIdSuffix } }: UploadNames): SpoolJob {
  if (mediaIdSuffix === '') return job;
  const [file] = job.metadata.mediaFiles;
  const mediaId = `${job.mediaId}${mediaIdSuffix}`;
  return { ...job, mediaId, metadata: { ...job.metadata, mediaFiles: [{ ...file, mediaId }] } };
}
