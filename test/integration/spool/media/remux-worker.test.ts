import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, stop } from 'esbuild';
import { makeMaterial, slicesOf } from '../../../support/recorded-material';
import { leaveRecording } from '../../../support/slice-records';
import { createSpoolRig, mediaOf, record } from '../../../support/spool-rig';

describe('the remux worker', () => {
  let folder: string;
  let material: Buffer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'srs-worker-'));
    material = await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 4 });
    await build({
      entryPoints: [join(__dirname, '../../../../src/spool/media/remux-worker.ts')],
      outfile: join(folder, 'remux-worker.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      logLevel: 'error',
    });
    await stop(); // Its service process would keep the test run alive.
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('makes the MP4 off the main thread, as built', async () => {
    const rig = await createSpoolRig({ deps: { remuxWorker: join(folder, 'remux-worker.js') } });
    await record(rig, slicesOf(material, 5));
    expect(rig.jobs).toEqual([expect.objectContaining({ mimeType: 'video/mp4' })]);
    expect(rig.problems.size).toBe(0);
    await rig.dispose();
  });

  it('tells a disk that refuses from damage: the slices stay, and what the disk says is known', async () => {
    const rig = await createSpoolRig({ deps: { remuxWorker: join(folder, 'remux-worker.js') } });
    const { slicesPath } = await leaveRecording(rig, slicesOf(material, 2), true);
    await rm(slicesPath);
    await mkdir(slicesPath); // EISDIR when it is read
    const next = await rig.again();
    expect(await next.spool.recordings.recover()).toBe(0);
    expect(next.spool.jobs.refused).toEqual({ count: 1, reason: expect.stringMatching(/EISDIR: [^/]*$/) });
    await next.spool.stop();
    await rig.dispose();
  });

  it.each([
    ['throws', 'throw new Error("boom")'],
    ['ends', 'process.exit(3)'],
  ])('that %s costs the MP4, not the recording', async (_what, program) => {
    const remuxWorker = join(folder, 'broken.js');
    await writeFile(remuxWorker, program);
    const rig = await createSpoolRig({ deps: { remuxWorker } });
    await record(rig, slicesOf(material, 5));
    const [job] = rig.jobs;
    expect(job?.mimeType).toContain('matroska');
    expect(job === undefined ? undefined : (await mediaOf(rig, job)).equals(material)).toBe(true);
    expect(rig.problems.has('remuxFailed')).toBe(true);
    await rig.dispose();
  });
});
