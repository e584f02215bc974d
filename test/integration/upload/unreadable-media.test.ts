import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, rmdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolJob } from '../../../src/spool/ports';
import { makeMaterial, slicesOf } from '../../support/recorded-material';
import { createSpoolRig, record, vaultOf, type SpoolRig } from '../../support/spool-rig';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

/** What the disk does not give is no fault of the network, and what is damaged is no matter for another try. */
describe.each([
  ['multipart', false],
  ['tus', true],
])('over %s, a recording whose media', (_transport, isResumable) => {
  let rig: UploadRig;
  let spoolRig: SpoolRig;
  let job: SpoolJob;
  let media: string;
  let key: Uint8Array;
  const vault = vaultOf(() => Promise.resolve(key));
  beforeEach(async () => {
    key = randomBytes(32);
    rig = await createUploadRig({ simulator: { isResumable } });
    spoolRig = await createSpoolRig({ vault });
    await record(spoolRig, slicesOf(await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 4 }), 4));
    const [recorded] = spoolRig.jobs;
    if (recorded === undefined) throw new Error('no job');
    job = { ...recorded, recordingId: 'rec-1', metadata: { ...recorded.metadata, id: 'rec-1' } };
    await spoolRig.spool.jobs.save(job);
    media = join(spoolRig.directory, 'jobs', `${job.mediaId}.media`);
    await rig.signIn('ann');
  });
  afterEach(async () => {
    await rig.dispose();
    await spoolRig.dispose();
  });

  it.each<[string, () => Promise<unknown>, RegExp]>([
    ['was changed', async () => writeFile(media, randomBytes(12), { flag: 'r+' }), /changed or damaged/],
    ['is shorter than it was', async () => truncate(media, 2_000), /changed or damaged/],
    ['is gone', () => rm(media), /media file is gone/],
  ])('%s is quarantined, with that reason', async (_name, spoil, reason) => {
    await spoil();
    await rig.createQueue({ jobs: spoolRig.spool.jobs }).start();
    await until('the quarantine', () => rig.failed.length > 0);
    expect(rig.failed).toEqual([{ mediaId: job.mediaId, reason: expect.stringMatching(reason) }]);
    expect(rig.received()).toEqual([]);
    await rig.stopQueues();
    expect(await spoolRig.spool.jobs.list()).toMatchObject([{ mediaId: job.mediaId, quarantine: { since: expect.any(Number) } }]);
  });

  it.each<[string, () => Promise<() => Promise<unknown>>, RegExp]>([
    [
      'cannot be read now',
      async () => {
        await rename(media, `${media}.kept`);
        await mkdir(media); // Reading it fails with EISDIR.
        return async () => {
          await rmdir(media);
          await rename(`${media}.kept`, media);
        };
      },
      /cannot be read now \(EISDIR\)/,
    ],
    [
      'is sealed by a key that is away',
      async () => {
        const own = key;
        key = randomBytes(32);
        return async () => (key = own);
      },
      /keychain/,
    ],
  ])('%s is tried again, with that reason', async (_name, spoil, reason) => {
    const fix = await spoil();
    const queue = rig.createQueue({ jobs: spoolRig.spool.jobs });
    await queue.start();
    await until('a failed try', () => queue.state().jobs[0]?.state.status === 'waiting');
    expect(queue.state().jobs[0]?.state).toMatchObject({ status: 'waiting', reason: expect.stringMatching(reason) });
    await fix();
    await until('the upload', () => rig.uploaded.length === 1);
    expect(rig.failed).toEqual([]);
    expect(rig.received()).toMatchObject([{ mediaId: job.mediaId, sha256: job.sha256 }]);
  });
});
