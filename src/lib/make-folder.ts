import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './errno-of';

/** Owner-only, with those above it; does nothing when it is there. Unlike `mkdir({ recursive: true })` it says so when the disk is full. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' && dirname(path) !== path) {
      await makeFolder(dirname(path));
      await mkdir(path, { mode: 0o700 }).catch((second: unknown) => demandFolder(path, second));
    } else await demandFolder(path, error);
  }
}

/** A drive's root cannot be made (EPERM, EISDIR), nor one on a disk that is read-only or full; if it is there, nothing is lacking. */
async function demandFolder(path: string, error: unknown): Promise<void> {
  const isThere = await stat(path).then(
    (state) => state.isDirectory(),
    () => false,
  );
  if (!isThere) throw error;
}
