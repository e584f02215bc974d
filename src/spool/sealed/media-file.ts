import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import * as z from 'zod';
import { isDiskError } from '../disk-errors';
import { StoreError } from '../../recorder/store-error';
import { SEAL_BYTES, type Sealer } from './sealer';
import { readInto, readWhole, writeWhole } from './positioned-io';
import type { WrappedKey } from './recording-key';

/**
 * A finished media file, sealed in chunks so that it can be read from any offset: `SRSMED1\n`, a 4-byte big-endian length, a JSON head
 * of that length, then the chunks, each of `CHUNK_BYTES` clear bytes but the last. The head holds the wrapped key, so that the
 * file can be unsealed without its sidecar. INVARIANT: a chunk that is written again gets a new nonce.
 */
const MAGIC = Buffer.from('SRSMED1\n');
const LENGTH_BYTES = 4;
const MAX_HEAD_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;

const headSchema = z.object({
  mediaId: z.string(),
  wrappedKey: z.string().nullable(),
  chunkBytes: z.int().min(1024).max(16_777_216),
});
export type MediaHead = z.output<typeof headSchema>;

export interface OpenMediaFile {
  readonly head: MediaHead;
  /** Where the first chunk begins. */
  readonly start: number;
  /** Of all clear bytes. */
  readonly size: number;
}

/** Clear bytes at any position, sealed chunk by chunk. Rewriting a chunk that left memory reads it back first. */
export class MediaWriter {
  readonly #file: FileHandle;
  readonly #sealer: Sealer;
  readonly #mediaId: string;
  readonly #start: number;
  #size = 0;
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  #chunkLength = 0;
  #index = 0;
  #isDirty = false;

  private constructor(file: FileHandle, sealer: Sealer, mediaId: string, start: number) {
    this.#file = file;
    this.#sealer = sealer;
    this.#mediaId = mediaId;
    this.#start = start;
  }

  static async create(file: FileHandle, sealer: Sealer, mediaId: string, wrappedKey: WrappedKey): Promise<MediaWriter> {
    const head = Buffer.from(JSON.stringify({ mediaId, wrappedKey, chunkBytes: CHUNK_BYTES } satisfies MediaHead));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(head.length);
    const bytes = Buffer.concat([MAGIC, length, head]);
    await writeWhole(file, bytes, 0);
    return new MediaWriter(file, sealer, mediaId, bytes.length);
  }

  get size(): number {
    return this.#size;
  }

  /** A gap before `position` is filled with zeros. */
  async write(position: number, bytes: Uint8Array): Promise<void> {
    while (position > this.#size) await this.write(this.#size, Buffer.alloc(Math.min(CHUNK_BYTES, position - this.#size)));
    let done = 0;
    while (done < bytes.byteLength) {
      const at = position + done;
      await this.#load(Math.floor(at / CHUNK_BYTES));
      const within = at % CHUNK_BYTES;
      const piece = bytes.subarray(done, done + CHUNK_BYTES - within);
      this.#put(within, piece);
      done += piece.byteLength;
      this.#size = Math.max(this.#size, at + piece.byteLength);
    }
  }

  /** Everything written is durable when this resolves. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#file.sync();
  }

  #put(within: number, piece: Uint8Array): void {
    this.#chunk.set(piece, within);
    this.#chunkLength = Math.max(this.#chunkLength, within + piece.byteLength);
    this.#isDirty = true;
  }

  async #load(index: number): Promise<void> {
    if (index === this.#index) return;
    await this.#flush();
    this.#index = index;
    this.#chunkLength = Math.max(0, Math.min(CHUNK_BYTES, this.#size - index * CHUNK_BYTES));
    if (this.#chunkLength === 0) return;
    const sealed = await readWhole(this.#file, chunkPosition(this.#start, CHUNK_BYTES, index), this.#chunkLength + SEAL_BYTES);
    this.#chunk.set(this.#sealer.open(chunkLabel(this.#mediaId, index), sealed));
  }

  async #flush(): Promise<void> {
    if (!this.#isDirty) return;
    const sealed = this.#sealer.seal(chunkLabel(this.#mediaId, this.#index), this.#chunk.subarray(0, this.#chunkLength));
    await writeWhole(this.#file, sealed, chunkPosition(this.#start, CHUNK_BYTES, this.#index));
    this.#isDirty = false;
  }
}

/**
 * Throws `StoreError` `damaged` when the file is none of ours.
 * @param size of all clear bytes, which the sidecar knows
 */
export async function readMediaHead(file: FileHandle, size: number): Promise<OpenMediaFile> {
  const begin = await readWhole(file, 0, MAGIC.length + LENGTH_BYTES);
  const length = begin.length === MAGIC.length + LENGTH_BYTES ? begin.readUInt32BE(MAGIC.length) : 0;
  try {
    if (!begin.subarray(0, MAGIC.length).equals(MAGIC) || length > MAX_HEAD_BYTES) throw new Error('not a sealed media file');
    const text = await readWhole(file, begin.length, length);
    return { head: headSchema.parse(JSON.parse(text.toString())), start: begin.length + length, size };
  } catch (error) {
    if (isDiskError(error)) throw error;
    throw new StoreError('damaged', 'A recording’s media file does not begin as one: it was changed or damaged.', error);
  }
}

/** Of all clear bytes, from the length of the whole file: for when the sidecar, which knows it, is lost. */
export function clearSize({ head, start }: Pick<OpenMediaFile, 'head' | 'start'>, fileBytes: number): number {
  const sealed = Math.max(0, fileBytes - start);
  return Math.max(0, sealed - Math.ceil(sealed / (head.chunkBytes + SEAL_BYTES)) * SEAL_BYTES);
}

export interface MediaRange {
  readonly from: number;
  readonly to: number;
  /** Told of a chunk that does not open, which is given as zeros then. */
  readonly onLost?: (bytes: number) => void;
}

/** Clear bytes `[from, to)`, within the size. Throws `StoreError` `damaged` when a chunk does not open or is missing, unless `onLost` is told. */
export async function* readMedia(
  file: FileHandle,
  { head, start, size }: OpenMediaFile,
  sealer: Sealer,
  range: MediaRange,
): AsyncGenerator<Buffer> {
  const first = Math.floor(range.from / head.chunkBytes);
  const end = Math.ceil(range.to / head.chunkBytes);
  // Two buffers in turn: fresh ones for every chunk keep the garbage collector busier than the cipher.
  const [even, odd] = [0, 1].map(() => Buffer.allocUnsafeSlow(Math.min(head.chunkBytes, size) + SEAL_BYTES)) as [Buffer, Buffer];
  const readSealed = (index: number): Promise<Buffer> | undefined => {
    if (index >= end) return undefined;
    const length = Math.min(head.chunkBytes, size - index * head.chunkBytes) + SEAL_BYTES;
    const reading = readInto(file, chunkPosition(start, head.chunkBytes, index), (index % 2 === 0 ? even : odd).subarray(0, length));
    reading.catch(() => undefined); // Told where it is awaited; a reader that broke off does not ask.
    return reading;
  };
  // The disk reads the next chunk while this one is sent.
  for (let index = first, next = readSealed(first); next !== undefined; index += 1) {
    const sealed = await next;
    next = readSealed(index + 1);
    const before = index * head.chunkBytes;
    const clear = openChunk(
      () => sealer.open(chunkLabel(head.mediaId, index), sealed),
      Math.min(head.chunkBytes, size - before),
      range.onLost,
    );
    yield clear.subarray(Math.max(0, range.from - before), range.to - before);
  }
}

function openChunk(open: () => Buffer, length: number, onLost: MediaRange['onLost']): Buffer {
  try {
    return open();
  } catch (error) {
    if (onLost === undefined) throw error;
    onLost(length);
    return Buffer.alloc(length);
  }
}

/** SHA-256 of the clear bytes, lower-case hexadecimal, read back from the disk. */
export async function hashMedia(file: FileHandle, sealer: Sealer, size: number): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of readMedia(file, await readMediaHead(file, size), sealer, { from: 0, to: size })) hash.update(piece);
  return hash.digest('hex');
}

function chunkPosition(start: number, chunkBytes: number, index: number): number {
  return start + index * (chunkBytes + SEAL_BYTES);
}

function chunkLabel(mediaId: string, index: number): string {
  return `media:${mediaId}:${index}`;
}
