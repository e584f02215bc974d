import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { errnoOf } from './errno-of';

/** What Windows says of a file that a virus scanner, an indexer or a backup holds for a moment. */
const HELD: readonly string[] = ['EPERM', 'EACCES', 'EBUSY'];
/** About a second in all: scanners take some tenths of one. */
const WAITS_MS: readonly number[] = [10, 20, 40, 80, 150, 300, 400];

/** Renames a file or folder over what is there. Tried again for about a second while something holds one of them. */
export function replaceFile(from: string, to: string): Promise<void> {
  return whileHeld(() => rename(from, to));
}

/** Removes a file; one that is not there is well too. Tried again as `replaceFile` is. */
export function removeFile(path: string): Promise<void> {
  return whileHeld(() => rm(path, { force: true }));
}

/** The same for a folder with all that is in it. */
export function removeFolder(path: string): Promise<void> {
  return whileHeld(() => rm(path, { recursive: true, force: true }));
}

/** `open` of node:fs, tried again as `replaceFile` is. */
export function openFile(path: string, flags: string | number, mode?: number): Promise<FileHandle> {
  return whileHeld(() => open(path, flags, mode));
}

/** Tries a file operation again for about a second while something holds the file. Any other error is thrown at once. */
export async function whileHeld<T>(operation: () => Promise<T>): Promise<T> {
  for (const ms of WAITS_MS) {
    try {
      return await operation();
    } catch (error) {
      if (!HELD.includes(errnoOf(error) ?? '')) throw error;
      await wait(ms);
    }
  }
  return operation();
}
