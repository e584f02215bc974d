import { join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { writeJsonFile } from '../../../src/lib/json-file';
import { toFailure } from '../../../src/recorder/failure';
import { letScannerHold, type Scanner } from '../../support/held-by-scanner';
import { makeMaterial, slicesOf } from '../../support/recorded-material';
import { createSpoolRig, exampleSegment, exampleStart, filesBelow, mediaOf, type SpoolRig } from '../../support/spool-rig';

const STOP = '2026-01-05T08:00:04.000+0000';

describe('files that a virus scanner holds for a moment', () => {
  let rig: SpoolRig;
  let slices: readonly Buffer[];
  let scanner: Scanner | undefined;
  beforeAll(async () => {
    slices = slicesOf(await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 2 }), 3);
  });
  beforeEach(async () => {
    rig = await createSpoolRig();
  });
  afterEach(async () => {
    scanner?.leave();
    await rig.dispose();
  });

  /** A recording from its begin until RWS has it. */
  const liveThrough = async (own: SpoolRig): Promise<readonly [string[], number]> => {
    const writer = await own.spool.recordings.begin(exampleStart);
    const segment = await writer.beginSegment(exampleSegment);
    for (const slice of slices) await segment.append(slice);
    await writer.note({ time: '2026-01-05T08:00:01.000+0000', event: 'paused' });
    await writer.note({ time: '2026-01-05T08:00:02.000+0000', event: 'resumed' });
    await segment.finish(STOP);
    await writer.close(STOP);
    const job = own.jobs.at(-1);
    if (job === undefined) throw new Error('no job');
    const { length } = await mediaOf(own, job);
    expect(length).toBe(job.size);
    await own.spool.jobs.list();
    await own.spool.jobs.remove(job.mediaId);
    return [job.metadata.eventHistory.map(({ event }) => event), own.jobs.length];
  };

  it('cost nothing, whichever open, rename or removal of a recording’s life meets one', async () => {
    scanner = letScannerHold(() => false);
    await liveThrough(rig);
    const { calls } = scanner;
    scanner.leave();
    expect(calls).toBeGreaterThan(20);
    for (let held = 0; held < calls; held += 1) {
      rig.jobs.length = 0;
      scanner = letScannerHold((call) => call === held || call === held + 1);
      expect({ held, life: await liveThrough(rig) }).toEqual({ held, life: [['paused', 'resumed'], 1] });
      scanner.leave();
      expect({ held, left: [...(await filesBelow(rig.directory)).keys()] }).toEqual({ held, left: [] });
    }
  });

  it('keep no recording from being uploaded when they are slices that are needed no more (seed 7264)', async () => {
    scanner = letScannerHold((_call, what) => /^rm .*\.slices$/.test(what));
    expect(await liveThrough(rig)).toEqual([['paused', 'resumed'], 1]);
    expect([...(await filesBelow(rig.directory)).keys()]).toEqual([]);
  });

  it('are given up after about a second, and the old file is as it was', async () => {
    const file = join(rig.directory, 'settings.json');
    await writeFile(file, 'old');
    scanner = letScannerHold((call) => call > 0); // The temporary file can be made.
    await expect(writeJsonFile(file, {})).rejects.toMatchObject({ syscall: 'rename' });
    scanner.leave();
    expect(await readFile(file, 'utf8')).toBe('old');
  });

  it('lose no event of a recording, for however long they are held', async () => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    const segment = await writer.beginSegment(exampleSegment);
    for (const slice of slices) await segment.append(slice);
    scanner = letScannerHold(() => true);
    await expect(writer.note({ time: '2026-01-05T08:00:01.000+0000', event: 'paused' })).rejects.toThrow();
    scanner.leave();
    await segment.finish(STOP);
    await writer.close(STOP);
    expect(rig.jobs[0]?.metadata.eventHistory.map(({ event }) => event)).toEqual(['paused']);
  });

  it('for good: what RWS and people are told names no file', async () => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    scanner = letScannerHold(() => true);
    const errors = await Promise.all(
      [rig.spool.recordings.begin(exampleStart), writer.beginSegment(exampleSegment)].map((task) => task.catch((error: unknown) => error)),
    );
    scanner.leave();
    for (const error of errors) {
      const { reason } = toFailure(error);
      expect(reason).toMatch(/EPERM|EACCES|EBUSY/);
      expect(reason).not.toContain('/');
      expect(reason).not.toContain(rig.directory);
    }
  });
});
