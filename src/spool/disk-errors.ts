import { stat } from 'node:fs/promises';
import { errnoOf } from '../lib/errno-of';

/** The system could not do it (no room, no rights, no more open files, a bad sector): says nothing of what the file holds. */
export function isDiskError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException | undefined)?.errno === 'number';
}

/** For a list of what is in a folder: on a full disk it may not have been made yet. */
export function noneIfMissing(error: unknown): [] {
  if (errnoOf(error) === 'ENOENT') return [];
  throw error;
}

/** Throws when the disk does not tell: a file that cannot be looked at is not a file that is gone. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw error;
  }
}
