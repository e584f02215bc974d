import type { SpoolJob } from '../spool/ports';

/** What describes an upload where it is created (rws.md, *Upload*). */
export function tusMetadata(job: SpoolJob): { filename: string; filetype: string; metadata: string } {
  return { filename: job.mediaId, filetype: job.metadata.mediaFiles[0].type, metadata: JSON.stringify(job.metadata) };
}

/** Of the `Upload-Metadata` header, in bytes. */
export function tusMetadataLength(job: SpoolJob): number {
  return Object.entries(tusMetadata(job)).reduce(
    (sum, [name, value]) => sum + name.length + 2 + Math.ceil(Buffer.byteLength(value) / 3) * 4,
    0,
  );
}
