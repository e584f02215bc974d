import type { FileHandle } from 'node:fs/promises';
import { readWhole } from './positioned-io';
import { SEAL_BYTES } from './sealer';
import { MAX_SLICE_BYTES, type SliceLayout } from './slice-format';

const MAGIC_BYTES = 8;
const LENGTH_BYTES = 4;

/**
 * `SRSSLC1\n`, then a 4-byte big-endian length and the sealed slice, each numbered by its place: as earlier versions wrote it.
 * Behind a length that is damaged nothing can be found.
 */
export function oldLayout(file: FileHandle): SliceLayout {
  let number = 0;
  return {
    start: MAGIC_BYTES,
    canInfer: false,
    async next(from) {
      const bytes = await readWhole(file, from, LENGTH_BYTES);
      const sealedLength = bytes.length < LENGTH_BYTES ? 0 : bytes.readUInt32BE();
      if (sealedLength < SEAL_BYTES || sealedLength > MAX_SLICE_BYTES) return undefined;
      return { position: from, number: number++, contentStart: from + LENGTH_BYTES, sealedLength };
    },
    behindBad: ({ contentStart, sealedLength }) => contentStart + sealedLength,
  };
}
