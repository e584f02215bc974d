import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSpoolRig, mediaOf, record } from '../../support/spool-rig';
import { makeMaterial, slicesOf } from '../../support/recorded-material';
import { until } from '../../support/until';
import { createUploadRig, type UploadRig } from '../../support/upload-rig';

describe('the upload queue against RWS', () => {
  let rig: UploadRig;
  beforeEach(async () => {
    rig = await createUploadRig();
  });
  afterEach(() => rig.dispose());

  it('carries a recording from sealed slices to RWS byte by byte, then removes it', async () => {
    const spoolRig = await createSpoolRig();
    await record(spoolRig, slicesOf(await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 4 }), 4));
    const [job] = await spoolRig.spool.jobs.list();
    if (job === undefined) throw new Error('no job');
    const safe = { ...job, recordingId: 'rec-1', metadata: { ...job.metadata, id: 'rec-1' } };
    await spoolRig.spool.jobs.save(safe);
    const media = await mediaOf(spoolRig, safe);
    await rig.signIn('ann');
    const queue = rig.createQueue({ jobs: spoolRig.spool.jobs });
    await queue.start();

    const [received] = await until('the recording at RWS', () => (rig.uploaded.length > 0 ? rig.received() : undefined));
    expect(await readFile(rig.simulator.control.mediaPath(job.mediaId) ?? '')).toEqual(media);
    expect(received?.metadata).toEqual(JSON.parse(JSON.stringify(safe.metadata)));
    await until('the job gone', async () => (await spoolRig.spool.jobs.list()).length === 0);
    expect(rig.logins.reports).toEqual([expect.objectContaining({ recordingId: 'rec-1', state: 'Uploaded' })]);
    await spoolRig.dispose();
  });

  it('carries what waits oldest first, and what comes later', async () => {
    await rig.signIn('ann');
    const ids = ['m-3', 'm-1', 'm-2'];
    for (const mediaId of ids) rig.jobs.create(mediaId, randomBytes(200_000), { createdAt: Number(mediaId.at(-1)) });
    const queue = rig.createQueue();
    await queue.start();
    queue.add(rig.jobs.create('m-4', randomBytes(10), { createdAt: 4 }));
    await until('all at RWS', () => rig.uploaded.length === 4);
    expect(rig.received().map(({ mediaId }) => mediaId)).toEqual(['m-1', 'm-2', 'm-3', 'm-4']);
    expect(queue.state()).toEqual({ jobs: [], pendingBytes: 0 });
  });
});
