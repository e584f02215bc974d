import { AppError } from '../shared/errors';
import { lockFolder } from './folder-lock';

/** One process per data directory: two would each finish and upload the other's recordings. Released when the process ends, however it ends. */
export interface InstanceLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a data directory, which must be there; one lock, however the folder is spelt. Throws `AppError` `alreadyRunning` when another
 * process holds it, the system's error when the folder cannot be opened.
 */
export async function takeInstanceLock(dataDirectory: string): Promise<InstanceLock> {
  const lock = await lockFolder(dataDirectory);
  if (lock !== undefined) return lock;
  throw new AppError(
    'alreadyRunning',
    `Another Screen Recording Service already uses the data directory ${dataDirectory}. End it first, or set dataDirectory to another folder.`,
  );
}
