import { open, type FileHandle } from 'node:fs/promises';
import { Serial } from '../lib/serial';
import { SEAL_BYTES, type Sealer } from './sealer';

/**
 * The raw material of one segment: `SRSSLC1\n`, then for each slice a 4-byte big-endian length and the sealed slice.
 * INVARIANTS: a slice is durable when `append` resolves; a slice is good only under its own number, so a torn, repeated or swapped one
 * is never taken for video; what stands before a torn slice stays good.
 */
const MAGIC = Buffer.from('SRSSLC1\n');
const LENGTH_BYTES = 4;
/** Nothing a capture page hands over comes near; a larger length is a torn one. */
const MAX_SLICE_BYTES = 256 * 1024 * 1024;

export interface SliceEntry {
  /** Of the sealed bytes in the file. */
  readonly position: number;
  readonly sealedLength: number;
  /** Of the clear bytes in the container. */
  readonly offset: number;
  readonly length: number;
}

export interface SliceScan {
  readonly slices: readonly SliceEntry[];
  /** Clear bytes in all good slices. */
  readonly size: number;
  /** Bytes behind the last good slice: a slice torn by a kill or a power cut, or damage. */
  readonly droppedBytes: number;
}

export class SliceWriter {
  readonly #file: FileHandle;
  readonly #sealer: Sealer;
  readonly #mediaId: string;
  readonly #serial = new Serial();
  #position = MAGIC.length;
  #count = 0;
  #closing: Promise<void> | undefined;

  private constructor(file: FileHandle, sealer: Sealer, mediaId: string) {
    this.#file = file;
    this.#sealer = sealer;
    this.#mediaId = mediaId;
  }

  static async create(path: string, sealer: Sealer, mediaId: string): Promise<SliceWriter> {
    const file = await open(path, 'wx', 0o600);
    await file.write(MAGIC, 0, MAGIC.length, 0);
    return new SliceWriter(file, sealer, mediaId);
  }

  get count(): number {
    return this.#count;
  }

  /** Of the file, in bytes. */
  get size(): number {
    return this.#position;
  }

  /**
   * Appends in the order of the calls and makes it durable. After a failure the file ends with the last good slice.
   * @param allow asked right before the write; what it throws refuses the slice
   */
  append(clear: Uint8Array, allow: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    return this.#serial.run(async () => {
      await allow();
      const sealed = this.#sealer.seal(sliceLabel(this.#mediaId, this.#count), clear);
      const record = Buffer.concat([lengthOf(sealed), sealed]);
      try {
        await writeWhole(this.#file, record, this.#position);
        await this.#file.datasync();
      } catch (error) {
        await this.#file.truncate(this.#position).catch(() => undefined); // The scan drops it as torn otherwise.
        throw error;
      }
      this.#position += record.length;
      this.#count += 1;
    });
  }

  /** Memoised. Waits for what is being written. */
  close(): Promise<void> {
    return (this.#closing ??= this.#serial.run(() => this.#file.close()));
  }
}

/** Finds every good slice. Opens each, so that only what really unseals is counted. */
export async function scanSlices(file: FileHandle, sealer: Sealer, mediaId: string): Promise<SliceScan> {
  const { size: fileSize } = await file.stat();
  const slices: SliceEntry[] = [];
  let position = MAGIC.length;
  let offset = 0;
  while (position + LENGTH_BYTES <= fileSize) {
    const sealedLength = (await readWhole(file, position, LENGTH_BYTES)).readUInt32BE();
    const entry = { position: position + LENGTH_BYTES, sealedLength, offset, length: sealedLength - SEAL_BYTES };
    if (sealedLength < SEAL_BYTES || sealedLength > MAX_SLICE_BYTES || entry.position + sealedLength > fileSize) break;
    if (!(await opens(file, sealer, mediaId, slices.length, entry))) break;
    slices.push(entry);
    position = entry.position + sealedLength;
    offset += entry.length;
  }
  return { slices, size: offset, droppedBytes: Math.max(0, fileSize - position) };
}

async function opens(file: FileHandle, sealer: Sealer, mediaId: string, index: number, entry: SliceEntry): Promise<boolean> {
  try {
    await openSlice(file, sealer, mediaId, index, entry);
    return true;
  } catch {
    return false; // Torn or damaged: what it is called is the caller's to say.
  }
}

export async function openSlice(file: FileHandle, sealer: Sealer, mediaId: string, index: number, entry: SliceEntry): Promise<Buffer> {
  return sealer.open(sliceLabel(mediaId, index), await readWhole(file, entry.position, entry.sealedLength));
}

export async function writeWhole(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}

/** Reads `length` bytes; fewer only at the end of the file. */
export function readWhole(file: FileHandle, position: number, length: number): Promise<Buffer> {
  return readInto(file, position, Buffer.allocUnsafe(length));
}

/** Fills `buffer`; gives less of it only at the end of the file. */
export async function readInto(file: FileHandle, position: number, buffer: Buffer): Promise<Buffer> {
  const { length } = buffer;
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

function sliceLabel(mediaId: string, index: number): string {
  return `slice:${mediaId}:${index}`;
}

function lengthOf(sealed: Buffer): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(sealed.length);
  return length;
}
