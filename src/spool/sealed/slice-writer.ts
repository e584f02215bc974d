import type { FileHandle } from 'node:fs/promises';
import { openFile } from '../../lib/held-files';
import { Serial } from '../../lib/serial';
import { writeWhole } from './positioned-io';
import type { WrappedKey } from './recording-key';
import type { Sealer } from './sealer';
import { encodeHead, encodeHeader, sliceLabel } from './slice-format';

/** Writes the slices of one segment. INVARIANT: a slice is durable when `append` resolves. */
export class SliceWriter {
  readonly #file: FileHandle;
  readonly #sealer: Sealer;
  readonly #mediaId: string;
  readonly #serial = new Serial();
  #position: number;
  #count = 0;
  #closing: Promise<void> | undefined;

  private constructor(file: FileHandle, sealer: Sealer, mediaId: string, position: number) {
    this.#file = file;
    this.#sealer = sealer;
    this.#mediaId = mediaId;
    this.#position = position;
  }

  static async create(path: string, sealer: Sealer, mediaId: string, wrappedKey: WrappedKey): Promise<SliceWriter> {
    const file = await openFile(path, 'wx', 0o600);
    const head = encodeHead(mediaId, wrappedKey);
    await writeWhole(file, head, 0);
    return new SliceWriter(file, sealer, mediaId, head.length);
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
      const record = Buffer.concat([encodeHeader(this.#count, sealed.length), sealed]);
      try {
        await writeWhole(this.#file, record, this.#position);
        await this.#file.datasync();
      } catch (error) {
        await this.#file.truncate(this.#position).catch(() => undefined); // Else it is a torn slice behind those that count.
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
