import { Readable } from 'node:stream';
import type { RwsBody } from '../rws/ports';
import type { SpoolJob } from '../spool/ports';
import type { UploadNames } from './upload-names';

/**
 * `multipart/form-data` of known length, streamed: the part of the metadata, then that of the media (rws.md, *Upload*).
 * @param openMedia the clear media bytes, opened anew for every attempt
 */
export function multipartBody(
  job: SpoolJob,
  { boundary, partNames }: { readonly boundary: string; readonly partNames: UploadNames['upload']['partNames'] },
  openMedia: () => Readable,
): Extract<RwsBody, { open: unknown }> {
  const head = Buffer.from(
    [
      `--${boundary}`,
      `Content-Disposition: form-data; name="${partNames.metadata}"`,
      'Content-Type: application/json',
      '',
      JSON.stringify(job.metadata),
      `--${boundary}`,
      `Content-Disposition: form-data; name="${partNames.media}"; filename="${job.mediaId}"`,
      `Content-Type: ${job.metadata.mediaFiles[0].type}`,
      '',
      '',
    ].join('\r\n'),
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    open: () => Readable.from(sequence(head, openMedia(), tail), { objectMode: false }),
    length: head.length + job.size + tail.length,
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

async function* sequence(head: Buffer, media: Readable, tail: Buffer): AsyncGenerator<Buffer> {
  yield head;
  yield* media as AsyncIterable<Buffer>;
  yield tail;
}
