import { mkdirSync, renameSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rmdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SystemClock } from '../../../src/lib/clock';
import { FakeClock } from '../../fakes/fake-clock';
import { letScannerHold } from '../../support/held-by-scanner';
import { makeMaterial, slicesOf } from '../../support/recorded-material';
import { createSpoolRig, exampleSegment, exampleStart, filesBelow, fixedVault, record, type SpoolRig } from '../../support/spool-rig';
import { until } from '../../support/until';

const STOP = '2026-01-05T08:00:04.000+0000';

/** Makes reading a file fail with EISDIR, for every account; gives what undoes it. */
async function hide(path: string): Promise<() => Promise<void>> {
  const content = await readFile(path);
  await rename(path, `${path}.hidden`);
  await mkdir(path);
  return async () => {
    await rmdir(path);
    await rename(`${path}.hidden`, path);
    expect(await readFile(path)).toEqual(content);
  };
}

describe('a disk that refuses for a while', () => {
  let rig: SpoolRig;
  let material: Buffer;
  beforeAll(async () => {
    material = await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 4 });
  });
  afterEach(() => rig.dispose());

  const journal = async (): Promise<string> => {
    const [folder] = await readdir(join(rig.directory, 'recordings'));
    return join(rig.directory, 'recordings', folder ?? '', 'journal.json');
  };

  it('a journal it does not give is no damage: nothing is moved, and it is recovered when it can be read', async () => {
    const vault = fixedVault();
    rig = await createSpoolRig({ vault });
    const writer = await rig.spool.recordings.begin(exampleStart);
    await (await writer.beginSegment(exampleSegment)).append(material);
    const clock = new FakeClock();
    const told: unknown[] = [];
    const onDamaged = (): void => void told.push(next.spool.jobs.refused);
    const next: SpoolRig = await createSpoolRig({ directory: rig.directory, vault, deps: { clock }, onDamaged });
    const show = await hide(await journal());
    const before = [...(await filesBelow(rig.directory)).keys()].sort();
    expect(await next.spool.recordings.recover()).toBe(0);
    expect(await next.spool.recordings.recover()).toBe(0);
    const refusal = { count: 1, reason: expect.stringContaining('EISDIR') as string };
    expect([told, next.spool.jobs.refused]).toEqual([[refusal], refusal]);
    expect([...(await filesBelow(rig.directory)).keys()].sort()).toEqual(before);
    await show();
    await clock.advance(61_000);
    await until('the job', () => next.jobs.length === 1 && next.spool.jobs.refused === undefined);
    expect(told).toEqual([refusal, undefined]);
    await next.spool.stop();
  });

  it('a sidecar it does not give becomes a job by itself when it can be read', async () => {
    const clock = new FakeClock();
    rig = await createSpoolRig({ deps: { clock } });
    await record(rig, slicesOf(material, 3));
    const [job] = rig.jobs.splice(0);
    const show = await hide(join(rig.directory, 'jobs', `${job?.mediaId}.json`));
    expect(await rig.spool.jobs.list()).toEqual([]);
    await clock.advance(61_000);
    await clock.advance(61_000);
    expect(rig.jobs).toEqual([]);
    await show();
    await until('the job', async () => {
      await clock.advance(61_000);
      return rig.jobs.length === 1;
    });
    expect(rig.jobs).toEqual([job]);
    expect(rig.spool.jobs.damagedCount).toBe(0);
    await clock.advance(61_000);
    expect(rig.jobs).toHaveLength(1);
  });

  it('a sidecar that proves damaged when it can be read at last is told of at once', async () => {
    const clock = new FakeClock();
    let told = 0;
    rig = await createSpoolRig({ deps: { clock }, onDamaged: () => (told += 1) });
    await record(rig, slicesOf(material, 3));
    const [job] = rig.jobs;
    const sidecar = join(rig.directory, 'jobs', `${job?.mediaId}.json`);
    const show = await hide(sidecar);
    await rig.spool.jobs.list();
    expect([rig.spool.jobs.damagedCount, told]).toEqual([1, 1]);
    await show();
    await writeFile(sidecar, '{');
    await until('it to be put aside', async () => {
      await clock.advance(61_000);
      return told === 2;
    });
    expect(rig.spool.jobs.damagedCount).toBe(1);
  });

  it('a job whose sidecar was saved before the disk refused is heard of without a restart, once', async () => {
    let beforeSave: () => void = () => undefined;
    const clock = new SystemClock();
    const now = (): number => {
      beforeSave();
      return Date.now();
    };
    rig = await createSpoolRig({
      deps: { clock: { now, steady: () => clock.steady(), after: (ms, callback) => clock.after(ms, callback) } },
    });
    const writer = await rig.spool.recordings.begin(exampleStart);
    const segment = await writer.beginSegment(exampleSegment);
    await segment.append(material);
    const path = await journal();
    await writer.close(STOP);
    beforeSave = () => {
      beforeSave = () => undefined;
      renameSync(path, `${path}.hidden`);
      mkdirSync(path);
    };
    await expect(segment.finish(STOP)).rejects.toThrow();
    expect(await rig.spool.jobs.list()).toHaveLength(1);
    expect(rig.jobs).toEqual([]);
    await rmdir(path);
    await rename(`${path}.hidden`, path);
    await rig.spool.recordings.recover();
    await rig.spool.recordings.recover();
    expect(rig.jobs).toEqual(await rig.spool.jobs.list());
    expect(await readdir(join(rig.directory, 'recordings'))).toEqual([]);
  });

  it('media of an uploaded job that cannot be removed go later, by themselves or at the next start', async () => {
    const clock = new FakeClock();
    rig = await createSpoolRig({ deps: { clock } });
    await record(rig, slicesOf(material, 3));
    const { mediaId = '' } = rig.jobs[0] ?? {};
    const show = await hide(join(rig.directory, 'jobs', `${mediaId}.media`));
    await expect(rig.spool.jobs.remove(mediaId)).rejects.toThrow('EISDIR');
    const next = await rig.again();
    expect(await next.spool.jobs.list()).toEqual([]);
    await next.spool.stop();
    await show();
    await until('the removal', async () => {
      await clock.advance(61_000);
      return (await readdir(join(rig.directory, 'jobs'))).length === 0;
    });
  });

  it('a job whose sidecar it does not let rename goes later, and is not listed until then (seed 24954)', async () => {
    const clock = new FakeClock();
    rig = await createSpoolRig({ deps: { clock } });
    await record(rig, slicesOf(material, 3));
    const { mediaId = '' } = rig.jobs[0] ?? {};
    const scanner = letScannerHold((_call, what) => what.startsWith('rename'));
    await expect(rig.spool.jobs.remove(mediaId)).rejects.toThrow(/rename/);
    scanner.leave();
    expect(await rig.spool.jobs.list()).toEqual([]);
    await until('the removal', async () => {
      await clock.advance(61_000);
      return (await readdir(join(rig.directory, 'jobs'))).length === 0;
    });
  });

  it('a journal entry that cannot be removed is removed later', async () => {
    const clock = new FakeClock();
    rig = await createSpoolRig({ deps: { clock } });
    const writer = await rig.spool.recordings.begin(exampleStart);
    const scanner = letScannerHold((call) => call > 1); // The entry is still written.
    await expect(writer.close(STOP)).rejects.toThrow();
    scanner.leave();
    await until('the removal', async () => {
      await clock.advance(61_000);
      return (await readdir(join(rig.directory, 'recordings'))).length === 0;
    });
  });

  it('slices it does not let look at are not taken for gone', async () => {
    rig = await createSpoolRig();
    const writer = await rig.spool.recordings.begin(exampleStart);
    await (await writer.beginSegment(exampleSegment)).append(material);
    const path = await journal();
    const folder = join(path, '..');
    const slices = (await readdir(folder)).find((name) => name.endsWith('.slices')) ?? '';
    await rename(join(folder, slices), join(rig.directory, 'kept'));
    await symlink(slices, join(folder, slices)); // A loop: ELOOP.
    const next = await rig.again();
    expect(await next.spool.recordings.recover()).toBe(0);
    expect(next.spool.jobs.refused).toMatchObject({ count: 1, reason: expect.stringMatching(/ELOOP: [^/]*$/) });
    await rename(join(rig.directory, 'kept'), join(folder, slices));
    expect(await next.spool.recordings.recover()).toBe(1);
    expect(next.spool.jobs.refused).toBeUndefined();
    await next.spool.stop();
  });
});

describe('a spool that is full', () => {
  it('lets the running recording go on, into new segments too, and refuses the next one, until there is room', async () => {
    const rig = await createSpoolRig({ config: { maxMegabytes: 1 } });
    const writer = await rig.spool.recordings.begin(exampleStart);
    const first = await writer.beginSegment({ ...exampleSegment, mimeType: 'video/x-test' });
    await first.append(Buffer.alloc(1_500_000));
    await first.finish(STOP);
    const second = await writer.beginSegment({ ...exampleSegment, mimeType: 'video/x-test' });
    await second.append(Buffer.from('more'));
    await second.finish(STOP);
    await writer.close(STOP);
    expect(rig.jobs).toHaveLength(2);
    expect(rig.problems.has('spoolFull')).toBe(false);
    await expect(rig.spool.recordings.begin(exampleStart)).rejects.toMatchObject({ failure: 'spoolFull' });
    expect(rig.problems.has('spoolFull')).toBe(true);
    const next = await rig.again();
    expect(next.problems.has('spoolFull')).toBe(true);
    const [large, small] = rig.jobs.map(({ mediaId }) => mediaId);
    await next.spool.jobs.remove(small ?? '');
    expect(next.problems.has('spoolFull')).toBe(true);
    await next.spool.jobs.remove(large ?? '');
    expect(next.problems.has('spoolFull')).toBe(false);
    await next.spool.stop();
    await rig.dispose();
  });
});
