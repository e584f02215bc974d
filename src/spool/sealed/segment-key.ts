import { openFile } from '../../lib/held-files';
import type { SpoolKeyVault } from '../ports';
import { unwrapRecordingKey, type WrappedKey } from './recording-key';
import { StoreError } from '../../recorder/store-error';
import { readHead } from './slice-format';

export interface SegmentKey {
  readonly key: Uint8Array | undefined;
  readonly wrappedKey: WrappedKey;
}

/**
 * The key of a segment's slices: as the journal has it, else as their file does.
 * @param fromJournal `undefined` when the journal cannot be read
 */
export async function unwrapSegmentKey(vault: SpoolKeyVault, fromJournal: WrappedKey | undefined, slicesPath: string): Promise<SegmentKey> {
  try {
    if (fromJournal === undefined) throw new StoreError('noKey', 'The key of these slices is not known: their journal cannot be read.');
    return { key: await unwrapRecordingKey(vault, fromJournal), wrappedKey: fromJournal };
  } catch (error) {
    const wrappedKey = error instanceof StoreError ? await keyInFile(slicesPath) : undefined;
    if (wrappedKey === undefined || wrappedKey === fromJournal) throw error;
    return { key: await unwrapRecordingKey(vault, wrappedKey), wrappedKey };
  }
}

async function keyInFile(slicesPath: string): Promise<WrappedKey | undefined> {
  const file = await openFile(slicesPath, 'r');
  try {
    return (await readHead(file))?.head.wrappedKey;
  } finally {
    await file.close();
  }
}
