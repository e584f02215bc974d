import { open, rm, type FileHandle } from 'node:fs/promises';
import { describeError } from '../shared/errors';
import { isDiskError } from './disk-errors';
import { hashMedia, MediaWriter, readMedia, readMediaHead } from './media-file';
import { RawContainer } from './raw-container';
import type { WrappedKey } from './recording-key';
import { createSealer, type Sealer } from './sealer';
import type { ByteSource } from './ebml-walk';

/** All a worker needs to make a segment's slices one media file. The key stays in memory. */
export interface FinishRequest {
  readonly mediaId: string;
  readonly slicesPath: string;
  readonly mediaPath: string;
  readonly key: Uint8Array | undefined;
  readonly wrappedKey: WrappedKey;
  /** What the slices hold, such as `video/x-matroska;codecs=avc1`. */
  readonly mimeType: string;
  /** `raw`: the container as it is, without a try to remux. */
  readonly mode: 'remux' | 'raw';
}

export interface FinishedMedia {
  readonly mimeType: string;
  readonly size: number;
  readonly sha256: string;
  /** `undefined` when the material could not be read as video. */
  readonly durationMs?: number;
  /** Behind the last good slice: torn by a kill or a power cut, or damaged. */
  readonly droppedBytes: number;
  /** Why the raw container was kept; `undefined` when the remux worked or was not asked for. */
  readonly remuxFailure?: string;
}

const COPY_BYTES = 1024 * 1024;

/**
 * Unseals, remuxes, seals, checks and hashes, all in memory or sealed: no clear byte touches the disk. The media file is durable when
 * this resolves; `undefined` when there is not one good slice. Throws only when the disk refuses.
 */
export async function finishMedia(request: FinishRequest): Promise<FinishedMedia | undefined> {
  const sealer = createSealer(request.key);
  const slices = await open(request.slicesPath, 'r');
  try {
    const raw = await RawContainer.open(slices, sealer, request.mediaId);
    if (raw.size === 0) return undefined;
    const { droppedBytes } = raw.scan;
    if (request.mode === 'raw') return { ...(await writeRaw(request, raw, sealer)), droppedBytes };
    try {
      return { ...(await writeMp4(request, raw, sealer)), droppedBytes };
    } catch (error) {
      if (isDiskError(error)) throw error;
      return { ...(await writeRaw(request, raw, sealer)), droppedBytes, remuxFailure: describeError(error) };
    }
  } finally {
    await slices.close();
  }
}

async function writeMp4(request: FinishRequest, raw: ByteSource, sealer: Sealer): Promise<Omit<FinishedMedia, 'droppedBytes'>> {
  const { remuxToMp4, checkMp4 } = await import('./remux'); // The remuxer is large, and only this job needs it.
  return withMediaFile(request, sealer, async (writer, file) => {
    const expected = await remuxToMp4(raw, writer);
    await writer.finish();
    const { durationMs } = await checkMp4(await sealedSource(file, sealer, writer.size), expected);
    return { mimeType: 'video/mp4', durationMs };
  });
}

async function writeRaw(request: FinishRequest, raw: RawContainer, sealer: Sealer): Promise<Omit<FinishedMedia, 'droppedBytes'>> {
  return withMediaFile(request, sealer, async (writer) => {
    for (let at = 0; at < raw.size; at += COPY_BYTES) await writer.write(at, await raw.read(at, Math.min(raw.size, at + COPY_BYTES)));
    await writer.finish();
    return { mimeType: request.mimeType };
  });
}

/** The hash is taken from what the disk gives back, so that a file that cannot be read is never handed over. */
async function withMediaFile<T extends object>(
  request: FinishRequest,
  sealer: Sealer,
  fill: (writer: MediaWriter, file: FileHandle) => Promise<T>,
): Promise<T & { size: number; sha256: string }> {
  await rm(request.mediaPath, { force: true });
  const file = await open(request.mediaPath, 'wx+', 0o600);
  try {
    const writer = await MediaWriter.create(file, sealer, request.mediaId, request.wrappedKey);
    const facts = await fill(writer, file);
    return { ...facts, size: writer.size, sha256: await hashMedia(file, sealer, writer.size) };
  } catch (error) {
    await rm(request.mediaPath, { force: true }); // On a full disk it would take the room that is needed.
    throw error;
  } finally {
    await file.close();
  }
}

async function sealedSource(file: FileHandle, sealer: Sealer, size: number): Promise<ByteSource> {
  const opened = await readMediaHead(file, size);
  return {
    size,
    async read(start, end) {
      const pieces: Buffer[] = [];
      for await (const piece of readMedia(file, opened, sealer, { from: start, to: end })) pieces.push(piece);
      return Buffer.concat(pieces);
    },
  };
}
