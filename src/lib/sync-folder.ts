import { channel } from 'node:diagnostics_channel';
import type { Unsubscribe } from '../shared/emitter';
import { describeError } from '../shared/errors';
import { openFile } from './held-files';
import type { Logger } from './logger';
import { errnoOf } from './errno-of';

/** What file systems answer that cannot do it: network, FUSE and overlay ones. The file itself was synced. */
const UNSUPPORTED = ['EINVAL', 'EIO', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EBADF', 'EISDIR', 'EPERM', 'EACCES'];
/** Node's own way to tell an application what a part of it that has no log met. */
const notSynced = channel('srs:folder-not-synced');

/** Makes a rename in the folder durable, where the file system can. Windows cannot open folders, and does not need it. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const folder = await openFile(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!UNSUPPORTED.includes(errnoOf(error) ?? '')) throw error;
    notSynced.publish(error);
  }
}

/** One log line, the first time. */
export function logUnsyncedFolder(log: Logger): Unsubscribe {
  const tell = (error: unknown): void => {
    stop();
    log.warn('the file system does not make changes of folders durable: a power cut may undo the last ones', {
      reason: describeError(error),
    });
  };
  const stop = (): void => void notSynced.unsubscribe(tell);
  notSynced.subscribe(tell);
  return stop;
}
