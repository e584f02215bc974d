import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../../src/lib/logger';
import { logUnsyncedFolder, syncFolder } from '../../../src/lib/sync-folder';

/** A folder that answers EINVAL, as those of network and overlay file systems do. */
const CANNOT_SYNC = '/proc/self';

describe('syncing a folder', () => {
  const lines: string[] = [];
  const log = createLogger('debug', [{ write: (line) => void lines.push(line) }]);
  beforeEach(() => lines.splice(0));

  it('is tolerated where the file system cannot, with one line in the log', async () => {
    const stop = logUnsyncedFolder(log);
    await syncFolder(CANNOT_SYNC);
    await syncFolder(CANNOT_SYNC);
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn', reason: expect.stringContaining('EINVAL') });
    stop();
  });

  it('is tolerated without a log, and told again to the next one', async () => {
    await syncFolder(CANNOT_SYNC);
    const stop = logUnsyncedFolder(log);
    await syncFolder(CANNOT_SYNC);
    expect(lines).toHaveLength(1);
    stop();
    await syncFolder(CANNOT_SYNC);
    expect(lines).toHaveLength(1);
  });

  it('says nothing of a folder that can be synced, and throws when there is none', async () => {
    const stop = logUnsyncedFolder(log);
    const folder = await mkdtemp(join(tmpdir(), 'srs-sync-'));
    await syncFolder(folder);
    await rm(folder, { recursive: true });
    await expect(syncFolder(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(lines).toEqual([]);
    stop();
  });
});
