import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { Request } from 'express';
import type { MediaStore, ReceivedMedia } from '../media-store';
import type { UploadManners } from '../options';

const METADATA_LIMIT = 1024 * 1024;
const BROKEN_OFF = 'the request broke off';

export interface ReceivedForm {
  readonly metadata: string;
  readonly media: ReceivedMedia;
  readonly mediaName: string;
  readonly mediaType: string;
}

/** Reads the part of the metadata and that of the media, in that order; the media goes to a temporary file as it comes. Throws, and leaves nothing behind, when the form is anything else or breaks off. */
export async function receiveForm(
  request: Request,
  store: MediaStore,
  { metadataPart, mediaPart }: Pick<UploadManners, 'metadataPart' | 'mediaPart'>,
): Promise<ReceivedForm> {
  let metadata: string | undefined;
  let received: Promise<ReceivedForm> | undefined;
  const form = new Busboy({
    headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
    limits: { fieldSize: METADATA_LIMIT, parts: 2 },
  });
  form.on('field', (name, value) => {
    if (name === metadataPart) metadata = value;
  });
  form.on('file', (name, stream, mediaName, _encoding, mediaType) => {
    const leading = metadata;
    if (name !== mediaPart || leading === undefined) {
      stream.resume();
      return;
    }
    request.once('close', () => {
      if (!request.readableEnded) stream.destroy(new Error(BROKEN_OFF));
    });
    received = store.receive(stream).then((media) => ({ metadata: leading, media, mediaName, mediaType }));
    received.catch((error: Error) => form.destroy(error));
  });
  try {
    await readWhole(request, form);
  } catch (error) {
    const unfinished = await received?.catch(() => undefined);
    if (unfinished !== undefined) await store.discard(unfinished.media);
    throw error;
  }
  if (received === undefined) throw new Error(`a part named ${metadataPart}, then one named ${mediaPart}, are required`);
  return received;
}

/** Resolves when the form has been read to its very end. */
function readWhole(request: Request, form: BusboyInstance): Promise<void> {
  return new Promise((resolve, reject) => {
    form.once('finish', resolve);
    form.once('error', reject);
    request.once('close', () => {
      if (!request.readableEnded) reject(new Error(BROKEN_OFF));
    });
    request.pipe(form);
  });
}
