import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { DamagedJobs } from '../../../src/spool/jobs/damaged-jobs';
import { journalSchema } from '../../../src/spool/schemas';
import { createSpoolPaths } from '../../../src/spool/spool-paths';
import { makeMaterial, slicesOf } from '../../support/recorded-material';
import { editJournal, leaveRecording } from '../../support/slice-records';
import { createSpoolRig, exampleStart, fixedVault, mediaOf, record, type SpoolRig } from '../../support/spool-rig';

const RUNS = process.env.SRS_NIGHTLY === '1' ? 1000 : 100;
const vault = fixedVault();
const flip = fc.record({ at: fc.nat({ max: 1_000_000 }).map((millionths) => millionths / 1_000_000), bit: fc.integer({ min: 0, max: 7 }) });

async function flipBit(path: string, { at, bit }: { readonly at: number; readonly bit: number }): Promise<void> {
  const bytes = await readFile(path);
  const index = Math.floor(at * (bytes.length - 1));
  bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
  await writeFile(path, bytes);
}

/** Every video that is kept though it is not uploaded. */
async function keptVideos({ directory }: SpoolRig): Promise<readonly Buffer[]> {
  const damaged = new DamagedJobs(createSpoolPaths(directory), vault);
  const withVideo = (await damaged.list()).filter(({ size }) => size !== undefined);
  return Promise.all(
    withVideo.map(async ({ mediaId }) => {
      const pieces: Buffer[] = [];
      for await (const piece of damaged.openMedia(mediaId) as AsyncIterable<Buffer>) pieces.push(piece);
      return Buffer.concat(pieces);
    }),
  );
}

describe('damage to the JSON beside a recording', () => {
  let material: Buffer;
  beforeAll(async () => {
    material = await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 2 });
  });

  it(
    'a changed bit of a journal: the recording is uploaded as it was commanded, or kept and told of',
    async () => {
      await fc.assert(
        fc.asyncProperty(flip, fc.boolean(), async (place, isClosed) => {
          let told = 0;
          const rig = await createSpoolRig({ vault, onDamaged: () => (told += 1) });
          try {
            const { folder } = await leaveRecording(rig, slicesOf(material, 2), isClosed);
            await flipBit(join(folder, 'journal.json'), place);
            await rig.spool.stop();
            const next = await rig.again();
            await next.spool.recordings.recover();
            await next.spool.stop();
            expect(await readdir(join(rig.directory, 'recordings'))).toEqual([]);
            const [job] = next.jobs;
            if (job === undefined) {
              expect(told).toBe(1);
              expect((await keptVideos(rig)).map((video) => video.equals(material))).toEqual([true]);
              return;
            }
            const { recordingId, agent, region } = exampleStart;
            expect(job).toMatchObject({ recordingId, userName: agent.userName, metadata: { region } });
            expect(told).toBe(0);
          } finally {
            await rig.dispose();
          }
        }),
        { numRuns: RUNS },
      );
    },
    RUNS * 1000,
  );

  it(
    'a changed bit of a sidecar: it says the same as before, or is put aside with its video and told of',
    async () => {
      let told = 0;
      const rig = await createSpoolRig({ vault, onDamaged: () => (told += 1) });
      await record(rig, slicesOf(material, 2));
      const [job] = rig.jobs;
      const [jobs, damaged] = [join(rig.directory, 'jobs'), join(rig.directory, 'damaged')];
      const names = await readdir(jobs);
      const contents = await Promise.all(names.map((name) => readFile(join(jobs, name))));
      const video = job === undefined ? undefined : await mediaOf(rig, job);
      await fc.assert(
        fc.asyncProperty(flip, async (place) => {
          told = 0;
          for (const [index, name] of names.entries()) await writeFile(join(jobs, name), contents[index] ?? '');
          await flipBit(join(jobs, `${job?.mediaId}.json`), place);
          const listed = await rig.spool.jobs.list();
          const aside = await readdir(damaged);
          if (listed.length > 0) expect(listed).toEqual([job]);
          expect([told, aside.length]).toEqual(listed.length > 0 ? [0, aside.length] : [1, 2]);
          if (listed.length === 0) expect((await keptVideos(rig)).map((kept) => video?.equals(kept))).toEqual([true]);
        }),
        { numRuns: RUNS },
      );
      await rig.dispose();
    },
    RUNS * 1000,
  );

  it('slices that no segment of the journal names are kept and told of, whoever wrote the journal', async () => {
    let told = 0;
    const rig = await createSpoolRig({ vault, onDamaged: () => (told += 1) });
    const { folder } = await leaveRecording(rig, slicesOf(material, 2), false);
    await editJournal(folder, (journal) => ({ ...journal, segments: [] }));
    await rig.spool.stop();
    const next = await rig.again();
    await next.spool.recordings.recover();
    expect([next.jobs, told]).toEqual([[], 1]);
    expect((await keptVideos(rig)).map((video) => video.equals(material))).toEqual([true]);
    await next.spool.stop();
    await rig.dispose();
  });

  it('slices of a segment that is done with, left by a kill, go with the recording and are no damage', async () => {
    let told = 0;
    const rig = await createSpoolRig({ vault, onDamaged: () => (told += 1) });
    const { folder } = await leaveRecording(rig, slicesOf(material, 2), false);
    await editJournal(folder, (journal) => ({
      ...journal,
      segments: [],
      done: journal.segments.map(({ mediaId }) => mediaId),
    }));
    await rig.spool.stop();
    const next = await rig.again();
    await next.spool.recordings.recover();
    expect([next.jobs, told, await keptVideos(rig)]).toEqual([[], 0, []]);
    await next.spool.stop();
    await rig.dispose();
  });

  it('a sidecar and a journal without checksum, as earlier versions wrote them, are read', async () => {
    const rig = await createSpoolRig({ vault });
    await record(rig, slicesOf(material, 2));
    const [job] = rig.jobs;
    await writeFile(join(rig.directory, 'jobs', `${job?.mediaId}.json`), `\uFEFF${JSON.stringify(job)}`);
    expect(await rig.spool.jobs.list()).toEqual([job]);
    const { folder } = await leaveRecording(rig, slicesOf(material, 2), true);
    const journal = journalSchema.parse(JSON.parse(await readFile(join(folder, 'journal.json'), 'utf8')));
    await writeFile(join(folder, 'journal.json'), JSON.stringify(journal));
    await rig.spool.stop();
    const next = await rig.again();
    expect(await next.spool.recordings.recover()).toBe(1);
    await next.spool.stop();
    await rig.dispose();
  });
});
