import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSpoolRig, exampleSegment, exampleStart, filesBelow, fixedVault } from '../../support/spool-rig';
import { until } from '../../support/until';
import { createUploadRig } from '../../support/upload-rig';
import type { UploadVictimInput } from '../../support/upload-victim';
import { createVictim, KILLS, type Victim } from '../../support/victim';

/** What lies there takes longer to upload than all processes together live, so that every kill strikes one at work. */
const RECORDINGS = 2 * KILLS;
const KILOBITS_PER_SECOND = 20_000;
const LONGEST_LIFE_MS = 250;

describe('an uploading process that is killed', () => {
  let victim: Victim;
  const disposals: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const dispose of disposals.splice(0)) await dispose();
  });
  beforeAll(async () => {
    victim = await createVictim('upload-victim');
  });
  afterAll(() => victim.dispose());

  it.each([
    ['multipart', false],
    ['tus', true],
  ])(
    `at ${KILLS} random moments over %s: every recording is at RWS once, byte by byte`,
    async (_transport, isResumable) => {
      const rig = await createUploadRig({ simulator: { isResumable } });
      const key = randomBytes(32);
      const spoolRig = await createSpoolRig({ vault: fixedVault(key) });
      disposals.push(
        () => rig.dispose(),
        () => spoolRig.dispose(),
      );
      const media = new Map<string, Buffer>();
      for (let count = 0; count < RECORDINGS; count += 1) {
        const bytes = randomBytes(200_000 + Math.floor(Math.random() * 500_000));
        const recordingId = randomUUID();
        const writer = await spoolRig.spool.recordings.begin({
          ...exampleStart,
          recordingId,
          agent: { userName: 'ann', contactCenterId: 'cc-1' },
        });
        const segment = await writer.beginSegment({ ...exampleSegment, mimeType: 'video/x-test' });
        await segment.append(bytes);
        await segment.finish('2026-01-05T08:00:10.000+0000');
        await writer.close('2026-01-05T08:00:10.000+0000');
        media.set(recordingId, bytes);
      }
      const input: UploadVictimInput = {
        directory: spoolRig.directory,
        key: key.toString('hex'),
        server: rig.server,
        kilobitsPerSecond: KILOBITS_PER_SECOND,
      };
      for (let kill = 0; kill < KILLS; kill += 1) await victim.runAndKill(input, Math.random() * LONGEST_LIFE_MS);
      expect(rig.received().length).toBeLessThan(RECORDINGS);

      await rig.signIn('ann');
      const next = await spoolRig.again();
      await rig.createQueue({ jobs: next.spool.jobs }).start();
      await until('the rest at RWS', () => rig.received().length + rig.failed.length === RECORDINGS, 60_000);
      expect(rig.failed).toEqual([]);
      await until('removals', async () => (await next.spool.jobs.list()).length === 0);
      await rig.stopQueues();
      expect([...(await filesBelow(spoolRig.directory)).keys()]).toEqual([]);
      expect(rig.received()).toHaveLength(RECORDINGS);
      for (const { recordingId, mediaId } of rig.received()) {
        expect((await readFile(rig.simulator.control.mediaPath(mediaId) ?? '')).equals(media.get(recordingId) ?? Buffer.alloc(0))).toBe(
          true,
        );
      }
    },
    240_000,
  );
});
