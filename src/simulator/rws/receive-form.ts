import { Busboy } from '@fastify/busboy';
import type { Request } from 'express';
import type { MediaStore, ReceivedMedia } from '../media-store';

const METADATA_LIMIT = 1024 * 1024;

export interface ReceivedForm {
  readonly metadata: string;
  readonly media: ReceivedMedia;
  readonly mediaName: string;
  readonly mediaType: string;
}

/** Reads the parts `metadata` and `media`, in that order; the media goes to a temporary file as it comes. Throws when the form is anything else or breaks off. */
export function receiveForm(request: Request, store: MediaStore): Promise<ReceivedForm> {
  return new Promise((resolve, reject) => {
    let metadata: string | undefined;
    let received: Promise<ReceivedForm> | undefined;
    const form = new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
      limits: { fieldSize: METADATA_LIMIT, parts: 2 },
    });
    form.on('field', (name, value) => {
      if (name === 'metadata') metadata = value;
    });
    form.on('file', (name, stream, mediaName, _encoding, mediaType) => {
      const leading = metadata;
      if (name !== 'media' || leading === undefined) {
        stream.resume();
        return;
      }
      const breakOff = (): void => void stream.destroy(new Error('the request broke off'));
      request.once('close', () => (request.complete ? undefined : breakOff()));
      received = store.receive(stream).then((media) => ({ metadata: leading, media, mediaName, mediaType }));
      received.catch(reject);
    });
    form.on('error', reject);
    form.on('finish', () => {
      if (received === undefined) reject(new Error('a part named metadata, then one named media, are required'));
      else received.then(resolve, reject);
    });
    request.once('close', () => {
      if (!request.complete) reject(new Error('the request broke off'));
    });
    request.pipe(form);
  });
}
