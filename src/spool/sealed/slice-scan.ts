import type { FileHandle } from 'node:fs/promises';
import { StoreError } from '../../recorder/store-error';
import { oldLayout } from './old-slice-layout';
import { readWhole } from './positioned-io';
import { SEAL_BYTES, type Sealer } from './sealer';
import {
  findHeader,
  HEADER_BYTES,
  MAX_HEAD_BYTES,
  MAX_SLICE_BYTES,
  readHead,
  sliceLabel,
  type SliceHeader,
  type SliceLayout,
} from './slice-format';

const WINDOW_BYTES = 1024 * 1024;

/** A slice that opens under its own number. */
export interface SliceEntry {
  readonly number: number;
  /** Of the sealed bytes in the file. */
  readonly position: number;
  readonly sealedLength: number;
  /** Of the clear bytes in the container that all good slices make up. */
  readonly offset: number;
  readonly length: number;
}

export interface SliceScan {
  /** In the order of their numbers, each once, wherever they stand in the file. */
  readonly slices: readonly SliceEntry[];
  /** Clear bytes in all good slices. */
  readonly size: number;
  /** Bytes behind the last good slice. */
  readonly droppedBytes: number;
  /** Slices that were written and are not among them; at least one when damage hides how many. A torn last slice after a break is none. */
  readonly lostSlices: number;
  /** Some of them stood behind all that are good. */
  readonly isEndLost: boolean;
}

interface WalkedFile {
  readonly file: FileHandle;
  readonly sealer: Sealer;
  readonly mediaId: string;
  readonly fileSize: number;
  readonly layout: SliceLayout;
}

type Piece = Pick<SliceEntry, 'number' | 'position' | 'sealedLength'>;

interface Walked {
  readonly good: readonly Piece[];
  /** Where the last good record ends. */
  readonly goodEnd: number;
  /** Records behind it; they do not open. */
  readonly tail: readonly SliceHeader[];
}

/**
 * Finds every good slice; what does not open is stepped over. Opens each, so that only what really unseals is counted.
 * Throws only when the disk does not give the file.
 * @param written how many slices the segment was closed with; `undefined` when nobody closed it
 */
export async function scanSlices(file: FileHandle, sealer: Sealer, mediaId: string, written?: number): Promise<SliceScan> {
  const { size: fileSize } = await file.stat();
  const walked = await walk({ file, sealer, mediaId, fileSize, layout: await findLayout(file) });
  const slices = inOrder(walked.good);
  const last = slices.at(-1);
  const end = (last?.number ?? -1) + 1;
  const isEndLost = written === undefined ? !(await isTornTail(file, fileSize, walked, end)) : written > end;
  const missing = Math.max(written ?? 0, end) - slices.length;
  return {
    slices,
    size: last === undefined ? 0 : last.offset + last.length,
    droppedBytes: Math.max(0, fileSize - walked.goodEnd),
    lostSlices: isEndLost ? Math.max(1, missing) : missing,
    isEndLost,
  };
}

/** Throws `StoreError` `damaged` when it does not open. */
export async function openSlice(file: FileHandle, sealer: Sealer, mediaId: string, piece: Piece): Promise<Buffer> {
  return sealer.open(sliceLabel(mediaId, piece.number), await readWhole(file, piece.position, piece.sealedLength));
}

async function findLayout(file: FileHandle): Promise<SliceLayout> {
  const head = await readHead(file);
  if (head === undefined && (await findHeader(file, 0)) === undefined) return oldLayout(file);
  return {
    start: head?.end ?? 0,
    next: (from) => findHeader(file, from),
    behindBad: ({ contentStart }) => contentStart, // Bytes may be missing: its length may lead anywhere.
    canInfer: head !== undefined,
  };
}

async function walk(walked: WalkedFile): Promise<Walked> {
  const { fileSize, layout } = walked;
  const good: Piece[] = [];
  let tail: SliceHeader[] = [];
  let goodEnd = layout.start;
  const keep = (piece: Piece): void => {
    good.push(piece);
    tail = [];
    goodEnd = piece.position + piece.sealedLength;
  };
  let isAligned = layout.canInfer;
  for (let at = layout.start; at < fileSize;) {
    const header = await layout.next(at);
    const until = header?.position ?? fileSize;
    const inferred = { number: (good.at(-1)?.number ?? -1) + 1, position: at + HEADER_BYTES, sealedLength: until - at - HEADER_BYTES };
    if (isAligned && until > at && (await opens(walked, inferred))) keep(inferred);
    if (header === undefined) break;
    const { number, contentStart: position, sealedLength } = header;
    const isGood = await opens(walked, { number, position, sealedLength });
    if (isGood) keep({ number, position, sealedLength });
    else tail.push(header);
    isAligned = isGood && layout.canInfer;
    at = isGood ? goodEnd : layout.behindBad(header);
  }
  return { good, goodEnd, tail };
}

async function opens({ file, sealer, mediaId, fileSize }: WalkedFile, piece: Piece): Promise<boolean> {
  const { position, sealedLength } = piece;
  if (sealedLength < SEAL_BYTES || sealedLength > MAX_SLICE_BYTES || position + sealedLength > fileSize) return false;
  try {
    await openSlice(file, sealer, mediaId, piece);
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.failure === 'damaged') return false;
    throw error;
  }
}

function inOrder(good: readonly Piece[]): readonly SliceEntry[] {
  const byNumber = new Map(good.map((piece) => [piece.number, piece]));
  let offset = 0;
  return [...byNumber.values()]
    .sort((a, b) => a.number - b.number)
    .map((piece) => {
      const length = piece.sealedLength - SEAL_BYTES;
      const entry = { ...piece, offset, length };
      offset += length;
      return entry;
    });
}

/** What a kill or a power cut leaves of the one slice that was being written, and of nothing else. */
async function isTornTail(file: FileHandle, fileSize: number, { goodEnd, tail }: Walked, count: number): Promise<boolean> {
  const [first, ...more] = tail;
  if (count === 0 && fileSize <= MAX_HEAD_BYTES) return true; // Not even the head may have been whole.
  if (first === undefined) return fileSize - goodEnd < HEADER_BYTES || isZero(file, goodEnd);
  return more.length === 0 && first.position === goodEnd && first.number === count && first.contentStart + first.sealedLength >= fileSize;
}

async function isZero(file: FileHandle, from: number): Promise<boolean> {
  for (let at = from; ; at += WINDOW_BYTES) {
    const window = await readWhole(file, at, WINDOW_BYTES);
    if (window.some((byte) => byte !== 0)) return false;
    if (window.length < WINDOW_BYTES) return true;
  }
}
