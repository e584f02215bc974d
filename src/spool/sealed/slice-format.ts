import { crc32 } from 'node:zlib';
import type { FileHandle } from 'node:fs/promises';
import * as z from 'zod';
import { isDiskError } from '../disk-errors';
import { readWhole } from './positioned-io';
import type { WrappedKey } from './recording-key';
import { SEAL_BYTES } from './sealer';

/**
 * The raw material of one segment: `SRSSLC2\n`, a 4-byte big-endian length, a JSON head of that length, then the slices, each behind
 * a header of its own: mark (4), number (4), length of the sealed slice (4), CRC-32 of these (4), big-endian. The header is found
 * again behind damage; the head holds the wrapped key, so that the slices can be unsealed without their journal.
 */
const MAGIC = Buffer.from('SRSSLC2\n');
const MARK = Buffer.from([0xf5, 0x53, 0x4c, 0xae]);
const LENGTH_BYTES = 4;
export const HEADER_BYTES = 16;
export const MAX_HEAD_BYTES = 4096;
/** Nothing a capture page hands over comes near; a larger length is a torn one. */
export const MAX_SLICE_BYTES = 256 * 1024 * 1024;

const headSchema = z.object({ mediaId: z.string(), wrappedKey: z.string().nullable() });
export type SliceHead = z.output<typeof headSchema>;

export interface SliceHeader {
  /** Of the header in the file. */
  readonly position: number;
  readonly number: number;
  /** Of the sealed bytes, in the file. */
  readonly contentStart: number;
  readonly sealedLength: number;
}

/** How records follow each other in a file. */
export interface SliceLayout {
  readonly start: number;
  /** The first record at or behind `from`. */
  next(from: number): Promise<SliceHeader | undefined>;
  /** Where to look on when a record does not open. */
  behindBad(header: SliceHeader): number;
  /** The first record begins right at `start`, each further one right behind the one before, and damage to a header can be made good. */
  readonly canInfer: boolean;
}

export function encodeHead(mediaId: string, wrappedKey: WrappedKey): Buffer {
  const head = Buffer.from(JSON.stringify({ mediaId, wrappedKey } satisfies SliceHead));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(head.length);
  return Buffer.concat([MAGIC, length, head]);
}

/** `undefined` when the file does not begin as one of this form. */
export async function readHead(file: FileHandle): Promise<{ readonly head: SliceHead; readonly end: number } | undefined> {
  const begin = await readWhole(file, 0, MAGIC.length + LENGTH_BYTES);
  if (begin.length < MAGIC.length + LENGTH_BYTES || !begin.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const length = begin.readUInt32BE(MAGIC.length);
  if (length > MAX_HEAD_BYTES) return undefined;
  try {
    const text = await readWhole(file, begin.length, length);
    return { head: headSchema.parse(JSON.parse(text.toString())), end: begin.length + length };
  } catch (error) {
    if (isDiskError(error)) throw error;
    return undefined;
  }
}

export function encodeHeader(number: number, sealedLength: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MARK.copy(header);
  header.writeUInt32BE(number, 4);
  header.writeUInt32BE(sealedLength, 8);
  header.writeUInt32BE(crc32(header.subarray(0, 12)), 12);
  return header;
}

function decodeHeader(bytes: Buffer, position: number): SliceHeader | undefined {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, MARK.length).equals(MARK)) return undefined;
  if (crc32(bytes.subarray(0, 12)) !== bytes.readUInt32BE(12)) return undefined;
  const sealedLength = bytes.readUInt32BE(8);
  if (sealedLength < SEAL_BYTES || sealedLength > MAX_SLICE_BYTES) return undefined;
  return { position, number: bytes.readUInt32BE(4), contentStart: position + HEADER_BYTES, sealedLength };
}

const SEARCH_BYTES = 1024 * 1024;

/** The first header at or behind `from`; at once when it is right there. */
export async function findHeader(file: FileHandle, from: number): Promise<SliceHeader | undefined> {
  const here = decodeHeader(await readWhole(file, from, HEADER_BYTES), from);
  if (here !== undefined) return here;
  for (let at = from; ; at += SEARCH_BYTES - HEADER_BYTES + 1) {
    const window = await readWhole(file, at, SEARCH_BYTES);
    for (let hit = window.indexOf(MARK); hit !== -1; hit = window.indexOf(MARK, hit + 1)) {
      const header = decodeHeader(window.subarray(hit, hit + HEADER_BYTES), at + hit);
      if (header !== undefined) return header;
    }
    if (window.length < SEARCH_BYTES) return undefined;
  }
}

export function sliceLabel(mediaId: string, number: number): string {
  return `slice:${mediaId}:${number}`;
}
