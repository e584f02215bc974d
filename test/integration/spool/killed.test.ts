import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { walkBlocks } from '../../../src/spool/media/ebml-walk';
import { makeMaterial, probeVideo } from '../../support/recorded-material';
import type { RecordingVictimInput } from '../../support/recording-victim';
import { createSpoolRig, filesBelow, fixedVault, mediaOf } from '../../support/spool-rig';
import { createVictim, KILLS, type Victim } from '../../support/victim';

describe('a recording process that is killed', () => {
  let folder: string;
  let victim: Victim;
  let material: Buffer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'srs-killed-'));
    victim = await createVictim('recording-victim');
    material = await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 30 });
    await writeFile(join(folder, 'material.mkv'), material);
  });
  afterAll(async () => {
    await victim.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  /** Frames that are whole in the first `bytes` of the material. */
  const framesIn = async (bytes: number): Promise<number> => {
    const kept = material.subarray(0, bytes);
    return (await walkBlocks({ size: kept.length, read: (start, end) => Promise.resolve(kept.subarray(start, end)) })).blocks;
  };

  it(`at ${KILLS} random moments: every slice that was kept is in a playable recording, once, and nothing is left over`, async () => {
    const directory = join(folder, 'spool');
    const key = randomBytes(32);
    const input: RecordingVictimInput = { directory, key: key.toString('hex'), material: join(folder, 'material.mkv') };
    const kept = new Map<string, number>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      for (const line of await victim.runAndKill(input, Math.random() * 300)) {
        const [what, recordingId, bytes] = line.split(' ');
        if (what === 'kept' && recordingId !== undefined) kept.set(recordingId, Number(bytes));
      }
    }
    const rig = await createSpoolRig({ directory, vault: fixedVault(key) });
    await rig.spool.recordings.recover();
    const jobs = await rig.spool.jobs.list();
    expect(kept.size).toBeGreaterThanOrEqual(KILLS / 2);
    for (const [recordingId, bytes] of kept) {
      const minimum = await framesIn(bytes);
      const own = jobs.filter((job) => job.recordingId === recordingId);
      expect(own).toHaveLength(minimum === 0 ? own.length : 1);
      const [job] = own;
      if (job === undefined || minimum === 0) continue;
      const media = await mediaOf(rig, job);
      expect(createHash('sha256').update(media).digest('hex')).toBe(job.sha256);
      await writeFile(join(folder, 'probe.mp4'), media);
      expect((await probeVideo(join(folder, 'probe.mp4'))).frames).toBeGreaterThanOrEqual(minimum);
    }
    const files = [...(await filesBelow(directory)).keys()];
    expect(files.filter((file) => !/^jobs\/[\w-]+\.(json|media)$/.test(file))).toEqual([]);
    expect(files).toHaveLength(jobs.length * 2);
  });
});
