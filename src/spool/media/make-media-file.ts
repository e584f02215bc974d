import type { FileHandle } from 'node:fs/promises';
import { openFile, removeFile } from '../../lib/held-files';
import { describeError } from '../../shared/errors';
import { isDiskError } from '../disk-errors';
import { hashMedia, MediaWriter, readMedia, readMediaHead } from '../sealed/media-file';
import { RawContainer } from '../sealed/raw-container';
import { videoLoss, videoParts, type VideoLoss } from './video-parts';
import type { WrappedKey } from '../sealed/recording-key';
import { createSealer, type Sealer } from '../sealed/sealer';
import type { ByteSource } from './ebml-walk';

/** All a worker needs to make a segment's slices one media file. The key stays in memory. */
export interface MediaFileRequest {
  readonly mediaId: string;
  readonly slicesPath: string;
  readonly mediaPath: string;
  readonly key: Uint8Array | undefined;
  readonly wrappedKey: WrappedKey;
  /** What the slices hold, such as `video/x-matroska;codecs=avc1`. */
  readonly mimeType: string;
  /** How many slices it was closed with; absent when nobody closed it. */
  readonly slices?: number;
  /** `raw`: the container as it is, without a try to remux. */
  readonly mode: 'remux' | 'raw';
}

export interface MediaFacts {
  readonly mimeType: string;
  readonly size: number;
  readonly sha256: string;
  /** `undefined` when the material could not be read as video. */
  readonly durationMs?: number;
  /** Why the raw container was kept; `undefined` when the remux worked or was not asked for. */
  readonly remuxFailure?: string;
}

/** What the video lacks because slices do not open. */
export interface SliceDamage extends VideoLoss {
  readonly lostSlices: number;
}

export interface MediaFileOutcome {
  /** `undefined` when there is nothing that could be shown. */
  readonly media?: MediaFacts;
  readonly damage?: SliceDamage;
  /** Bytes of a last slice that a kill or a power cut tore. */
  readonly tornBytes: number;
}

const COPY_BYTES = 1024 * 1024;

/**
 * Unseals, remuxes, seals, checks and hashes, all in memory or sealed: no clear byte touches the disk. The media file is durable when
 * this resolves. Throws only when the disk refuses.
 */
export async function makeMediaFile(request: MediaFileRequest): Promise<MediaFileOutcome> {
  const sealer = createSealer(request.key);
  const slices = await openFile(request.slicesPath, 'r');
  try {
    const raw = await RawContainer.open(slices, sealer, request.mediaId, request.slices);
    if (raw.scan.lostSlices > 0) return await finishDamaged(request, raw, sealer);
    const tornBytes = raw.scan.droppedBytes;
    return raw.size === 0 ? { tornBytes } : { media: await writeMediaFile(request, raw, sealer), tornBytes };
  } finally {
    await slices.close();
  }
}

/** What can be shown, if anything. */
async function finishDamaged(request: MediaFileRequest, raw: RawContainer, sealer: Sealer): Promise<MediaFileOutcome> {
  const parts = await videoParts(raw);
  const damage = { lostSlices: raw.scan.lostSlices, ...videoLoss(parts, raw.breaks.length, raw.scan.isEndLost) };
  return parts.length === 0 ? { damage, tornBytes: 0 } : { media: await writeMediaFile(request, raw, sealer), damage, tornBytes: 0 };
}

async function writeMediaFile(request: MediaFileRequest, raw: RawContainer, sealer: Sealer): Promise<MediaFacts> {
  if (request.mode === 'raw') return writeRaw(request, raw, sealer);
  try {
    return await writeMp4(request, raw, sealer);
  } catch (error) {
    if (isDiskError(error)) throw error;
    return { ...(await writeRaw(request, raw, sealer)), remuxFailure: describeError(error) };
  }
}

async function writeMp4(request: MediaFileRequest, raw: RawContainer, sealer: Sealer): Promise<MediaFacts> {
  const { remuxToMp4, checkMp4 } = await import('./remux'); // The remuxer is large, and only this job needs it.
  return withMediaFile(request, sealer, async (writer, file) => {
    const expected = await remuxToMp4(raw, writer);
    await writer.finish();
    const { durationMs } = await checkMp4(await sealedSource(file, sealer, writer.size), expected);
    return { mimeType: 'video/mp4', durationMs };
  });
}

async function writeRaw(request: MediaFileRequest, raw: RawContainer, sealer: Sealer): Promise<MediaFacts> {
  return withMediaFile(request, sealer, async (writer) => {
    for (let at = 0; at < raw.size; at += COPY_BYTES) await writer.write(at, await raw.read(at, Math.min(raw.size, at + COPY_BYTES)));
    await writer.finish();
    return { mimeType: request.mimeType };
  });
}

/** The hash is taken from what the disk gives back, so that a file that cannot be read is never handed over. */
async function withMediaFile<T extends object>(
  request: MediaFileRequest,
  sealer: Sealer,
  fill: (writer: MediaWriter, file: FileHandle) => Promise<T>,
): Promise<T & { size: number; sha256: string }> {
  await removeFile(request.mediaPath);
  const file = await openFile(request.mediaPath, 'wx+', 0o600);
  try {
    const writer = await MediaWriter.create(file, sealer, request.mediaId, request.wrappedKey);
    const facts = await fill(writer, file);
    return { ...facts, size: writer.size, sha256: await hashMedia(file, sealer, writer.size) };
  } catch (error) {
    await removeFile(request.mediaPath); // On a full disk it would take the room that is needed.
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
