import type { FileHandle } from 'node:fs/promises';
import type { Sealer } from './sealer';
import { openSlice, scanSlices, type SliceScan } from './slice-scan';

/** How many unsealed slices stay in memory: a reader that goes forth and back by one slice finds both. */
const CACHED_SLICES = 4;

/** The clear container a segment's good slices make up, readable at any place, unsealed slice by slice in memory. */
export class RawContainer {
  readonly #file: FileHandle;
  readonly #sealer: Sealer;
  readonly #mediaId: string;
  readonly scan: SliceScan;
  readonly #cache = new Map<number, Buffer>();

  private constructor(file: FileHandle, sealer: Sealer, mediaId: string, scan: SliceScan) {
    this.#file = file;
    this.#sealer = sealer;
    this.#mediaId = mediaId;
    this.scan = scan;
  }

  /** @param written see `scanSlices` */
  static async open(file: FileHandle, sealer: Sealer, mediaId: string, written?: number): Promise<RawContainer> {
    return new RawContainer(file, sealer, mediaId, await scanSlices(file, sealer, mediaId, written));
  }

  get size(): number {
    return this.scan.size;
  }

  /** Where bytes are missing between two slices; 0 when they are missing in front. */
  get breaks(): readonly number[] {
    const { slices } = this.scan;
    return slices.filter(({ number }, index) => number !== (slices[index - 1]?.number ?? -1) + 1).map(({ offset }) => offset);
  }

  /** The bytes `[start, end)`, cut at the end of the container. */
  async read(start: number, end: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    const { slices } = this.scan;
    for (let index = this.#indexAt(start); index < slices.length; index += 1) {
      const entry = slices[index];
      if (entry === undefined || entry.offset >= end) break;
      const clear = await this.#slice(index);
      pieces.push(clear.subarray(Math.max(0, start - entry.offset), Math.min(entry.length, end - entry.offset)));
    }
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  }

  #indexAt(offset: number): number {
    const { slices } = this.scan;
    let low = 0;
    let high = slices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = slices[middle];
      if (entry !== undefined && entry.offset + entry.length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  async #slice(index: number): Promise<Buffer> {
    const cached = this.#cache.get(index);
    if (cached !== undefined) return cached;
    const entry = this.scan.slices[index];
    if (entry === undefined) return Buffer.alloc(0);
    const clear = await openSlice(this.#file, this.#sealer, this.#mediaId, entry);
    this.#cache.set(index, clear);
    const oldest = this.#cache.keys().next();
    if (this.#cache.size > CACHED_SLICES && !oldest.done) this.#cache.delete(oldest.value);
    return clear;
  }
}
