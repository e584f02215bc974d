import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { makeMaterial, slicesOf } from '../../support/recorded-material';
import { leaveRecording, recordsOf } from '../../support/slice-records';
import { createSpoolRig, fixedVault, mediaOf } from '../../support/spool-rig';

const RUNS = process.env.SRS_NIGHTLY === '1' ? 1000 : 60;
const SLICES = 8;
const FRAMES = 20;
const vault = fixedVault();

/** Places are fractions of the file, even over all of it: doubles crowd near 0. */
const place = fc.nat({ max: 1_000_000 }).map((millionths) => millionths / 1_000_000);
const damage = fc.oneof(
  fc.record({ type: fc.constant('flip' as const), at: place, bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({
    type: fc.constantFrom('zero' as const, 'cut' as const, 'noise' as const),
    at: place,
    length: fc.integer({ min: 1, max: 9000 }),
  }),
  fc.record({ type: fc.constantFrom('end' as const, 'repeat' as const), at: place }),
);
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

function apply(file: Buffer, change: Damage): Buffer {
  if (file.length === 0) return file;
  const at = Math.floor(change.at * (file.length - 1));
  switch (change.type) {
    case 'flip': {
      const copy = Buffer.from(file);
      copy[at] = (copy[at] ?? 0) ^ (1 << change.bit);
      return copy;
    }
    case 'zero':
      return Buffer.from(file).fill(0, at, Math.min(file.length, at + change.length));
    case 'noise':
      return Buffer.from(file).fill('noise', at, Math.min(file.length, at + change.length));
    case 'cut':
      return Buffer.concat([file.subarray(0, at), file.subarray(at + change.length)]);
    case 'end':
      return file.subarray(0, at);
    case 'repeat':
      return Buffer.concat([file, file.subarray(at)]);
  }
}

/** How many samples its index (`stsz`) says an MP4 has. */
function framesOf(mp4: Buffer): number {
  return mp4.readUInt32BE(mp4.indexOf('stsz') + 12);
}

describe('damage to any bytes of a file of slices', () => {
  let slices: readonly Buffer[];
  beforeAll(async () => {
    slices = slicesOf(await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 4 }), SLICES);
  });

  it(
    'every slice that is whole is in the video or kept; what is missing is told, and is a gap of the video',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), fc.boolean(), async (changes, isClosed) => {
          let told = 0;
          const rig = await createSpoolRig({ vault, onDamaged: () => (told += 1) });
          try {
            const left = await leaveRecording(rig, slices, isClosed);
            const changed = changes.reduce(apply, left.slices);
            await writeFile(left.slicesPath, changed);
            await rig.spool.stop();
            const next = await rig.again();
            await next.spool.recordings.recover();
            const [job] = next.jobs;
            const frames = job === undefined ? 0 : framesOf(await mediaOf(next, job));
            const aside = await readdir(join(rig.directory, 'damaged'));
            await next.spool.stop();
            expect(await readdir(join(rig.directory, 'recordings'))).toEqual([]);
            if (aside.length > 0) {
              expect(aside).toEqual([left.mediaId]);
              expect((await readFile(join(rig.directory, 'damaged', left.mediaId, `${left.mediaId}.slices`))).equals(changed)).toBe(true);
              expect(told).toBe(1);
              const gaps = job?.metadata.eventHistory.filter(({ reason }) => reason?.includes('damaged')) ?? [];
              expect(job === undefined || gaps.length > 0).toBe(true);
              return;
            }
            expect(told).toBe(0);
            if (frames === FRAMES) return;
            // Nobody closed it, and only what was written last, by one write, is torn.
            expect(isClosed).toBe(false);
            const whole = recordsOf(left.slices).map(({ contentStart, end }) => changed.includes(left.slices.subarray(contentStart, end)));
            const torn = whole.indexOf(false);
            expect(whole.slice(torn)).not.toContain(true);
            const isRepeated = changes.some(({ type }) => type === 'repeat');
            expect(isRepeated || changed.length <= (recordsOf(left.slices)[torn]?.end ?? 0)).toBe(true);
          } finally {
            await rig.dispose();
          }
        }),
        { numRuns: RUNS },
      );
    },
    RUNS * 2000,
  );
});
