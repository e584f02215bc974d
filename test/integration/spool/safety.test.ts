import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../src/shared/errors';
import { StoreError } from '../../../src/recorder/store-error';
import { FakeClock } from '../../fakes/fake-clock';
import { until } from '../../support/until';
import { makeMaterial, slicesOf } from '../../support/recorded-material';
import {
  createSpoolRig,
  exampleSegment,
  exampleStart,
  filesBelow,
  fixedVault,
  mediaOf,
  record,
  vaultOf,
  type SpoolRig,
} from '../../support/spool-rig';

/** A run of bytes so long is no accident. */
const TELLING_BYTES = 24;

function clearBytesIn(files: ReadonlyMap<string, Buffer>, clear: Buffer): readonly string[] {
  const found: string[] = [];
  for (const [name, content] of files) {
    for (let at = 0; at + TELLING_BYTES < clear.length; at += 997) {
      if (content.includes(clear.subarray(at, at + TELLING_BYTES))) found.push(name);
    }
  }
  return found;
}

describe('the spool', () => {
  let rig: SpoolRig;
  let material: Buffer;
  beforeAll(async () => {
    material = await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 4 });
  });
  beforeEach(async () => {
    rig = await createSpoolRig();
  });
  afterEach(() => rig.dispose());

  const slicesFile = async (): Promise<string> => {
    const name = (await readdir(rig.directory, { recursive: true })).find((file) => file.endsWith('.slices'));
    return join(rig.directory, name ?? 'none');
  };

  it('holds no clear video byte, neither while recording, nor while finishing, nor after', async () => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    const segment = await writer.beginSegment(exampleSegment);
    for (const slice of slicesOf(material, 8)) await segment.append(slice);
    expect(clearBytesIn(await filesBelow(rig.directory), material)).toEqual([]);
    let isFinished = false;
    const finishing = segment.finish('2026-01-05T08:00:04.000+0000').then(() => (isFinished = true));
    while (!isFinished) {
      expect(clearBytesIn(await filesBelow(rig.directory).catch(() => new Map()), material)).toEqual([]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await finishing;
    const [job] = rig.jobs;
    const media = job === undefined ? Buffer.alloc(0) : await mediaOf(rig, job);
    expect(media.length).toBeGreaterThan(TELLING_BYTES * 100);
    expect(clearBytesIn(await filesBelow(rig.directory), Buffer.concat([material, media]))).toEqual([]);
  });

  it('keeps its folders and files to their owner', async () => {
    await record(rig, slicesOf(material, 3));
    const modes = await Promise.all(
      (await readdir(rig.directory, { recursive: true })).map(async (name) => {
        const { mode } = await stat(join(rig.directory, name));
        return mode & 0o077;
      }),
    );
    expect(modes.filter((mode) => mode !== 0)).toEqual([]);
  });

  it.each([1, 5, 20, 100, 1000])('drops a last slice that is torn by %d bytes, and keeps what is before it', async (missing) => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    const segment = await writer.beginSegment(exampleSegment);
    for (const slice of slicesOf(material, 4)) await segment.append(slice);
    const path = await slicesFile();
    await truncate(path, (await stat(path)).size - missing);
    const next = await rig.again();
    expect(await next.spool.recordings.recover()).toBe(1);
    expect(next.jobs).toEqual([expect.objectContaining({ mimeType: 'video/mp4' })]);
  });

  it('keeps material that cannot be remuxed as it is, and says so', async () => {
    const material = randomBytes(700_000);
    await record(rig, slicesOf(material, 3), { ...exampleSegment, mimeType: 'video/x-matroska;codecs=avc1' });
    const [job] = rig.jobs;
    expect(job).toMatchObject({ mimeType: 'video/x-matroska;codecs=avc1', size: material.length });
    expect(job?.metadata.mediaFiles[0]).toMatchObject({ type: 'video/x-matroska', duration: '10000' });
    expect(job === undefined ? undefined : (await mediaOf(rig, job)).equals(material)).toBe(true);
    expect(rig.problems.has('remuxFailed')).toBe(true);
  });

  it('reads media from any offset', async () => {
    const material = randomBytes(1_000_000);
    await record(rig, slicesOf(material, 5));
    const [job] = rig.jobs;
    if (job === undefined) throw new Error('no job');
    for (const offset of [0, 1, 262_143, 262_144, 262_145, 999_999, 1_000_000]) {
      expect((await mediaOf(rig, job, offset)).equals(material.subarray(offset))).toBe(true);
    }
  });

  it('says of a segment whether it became a job', async () => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    const [recorded, empty] = [await writer.beginSegment(exampleSegment), await writer.beginSegment(exampleSegment)];
    for (const slice of slicesOf(material, 2)) await recorded.append(slice);
    const stopTime = '2026-01-05T08:00:04.000+0000';
    expect([await recorded.finish(stopTime), await empty.finish(stopTime)]).toEqual([true, false]);
    await writer.close(stopTime);
    expect(rig.jobs).toHaveLength(1);
  });

  it.each([
    ['while it was recorded', [], 1],
    ['after a pause', ['paused', 'resumed'], 1],
    ['during a pause, when the video lacks nothing', ['paused'], 0],
  ] as const)('says in the metadata that a recording broke off %s', async (_name, events, gaps) => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    const first = await writer.beginSegment(exampleSegment);
    for (const slice of slicesOf(material, 4)) await first.append(slice);
    await first.finish('2026-01-05T08:00:04.000+0000');
    const second = await writer.beginSegment({ ...exampleSegment, startTime: '2026-01-05T08:00:04.100+0000' });
    for (const slice of slicesOf(material, 4)) await second.append(slice);
    for (const event of events) await writer.note({ time: '2026-01-05T08:00:06.000+0000', event });
    const next = await rig.again();
    await next.spool.recordings.recover();
    const [before, last] = [...rig.jobs, ...next.jobs].map(({ metadata }) => metadata);
    expect(before?.eventHistory).toEqual([]);
    const gap = { time: last?.stopTime, event: 'gap', reason: 'The program ended, or the disk took no more' };
    expect(last?.eventHistory.slice(events.length)).toEqual(gaps === 1 ? [gap] : []);
    await next.dispose();
  });

  it('says nothing of the kind of a recording that was stopped in order, and only finished later', async () => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    const segment = await writer.beginSegment(exampleSegment);
    for (const slice of slicesOf(material, 4)) await segment.append(slice);
    await writer.close('2026-01-05T08:00:04.000+0000');
    const next = await rig.again();
    await next.spool.recordings.recover();
    expect(next.jobs[0]?.metadata.eventHistory).toEqual([]);
    await next.dispose();
  });

  it('makes no job of a recording without a slice', async () => {
    await record(rig, []);
    const next = await rig.again();
    expect(await next.spool.recordings.recover()).toBe(0);
    expect([rig.jobs, next.jobs, [...(await filesBelow(rig.directory)).keys()]]).toEqual([[], [], []]);
  });

  it('stores clear only when told to', async () => {
    const clear = await createSpoolRig({ config: { encrypt: false } });
    const material = randomBytes(300_000);
    await record(clear, slicesOf(material, 5));
    const [job] = clear.jobs;
    expect(job === undefined ? undefined : (await mediaOf(clear, job)).equals(material)).toBe(true);
    await clear.dispose();
  });

  it('carries events in their order, displays and the agent into the metadata, segment by segment', async () => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    const first = await writer.beginSegment(exampleSegment);
    await first.append(material);
    await writer.note({ time: '2026-01-05T08:00:02.000+0000', event: 'displaysChanged' });
    await writer.note({ time: '2026-01-05T08:00:01.000+0000', event: 'gap', reason: 'late' });
    await first.finish('2026-01-05T08:00:04.000+0000');
    const second = await writer.beginSegment({ ...exampleSegment, startTime: '2026-01-05T08:00:04.000+0000', displays: [] });
    await second.append(material);
    await second.finish('2026-01-05T08:00:08.000+0000');
    await writer.close('2026-01-05T08:00:08.000+0000');
    expect(rig.jobs.map(({ metadata }) => metadata.id)).toEqual([exampleStart.recordingId, exampleStart.recordingId]);
    expect(new Set(rig.jobs.map(({ mediaId }) => mediaId)).size).toBe(2);
    expect(rig.jobs[0]?.metadata).toMatchObject({
      id: 'rec/1 ../é',
      startTime: '2026-01-05T08:00:00.000+0000',
      stopTime: '2026-01-05T08:00:04.000+0000',
      region: 'emea',
      eventHistory: [
        { time: '2026-01-05T08:00:01.000+0000', event: 'gap', reason: 'late' },
        { time: '2026-01-05T08:00:02.000+0000', event: 'displaysChanged' },
      ],
      mediaFiles: [
        {
          parameters: {
            queue: 'sales',
            contact: { userName: 'agent1' },
            callUuid: 'CALL-1',
            place: 'place1',
            displays: exampleSegment.displays,
          },
        },
      ],
    });
    expect(rig.jobs[1]?.metadata.mediaFiles[0].startTime).toBe('2026-01-05T08:00:04.000+0000');
  });

  it('refuses a recording below the disk floor, and stops one that reaches it', async () => {
    const floor = await createSpoolRig({ config: { minFreeMegabytes: 1e9 } });
    const refused: unknown = await floor.spool.recordings.begin(exampleStart).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreError);
    expect(refused).toMatchObject({ failure: 'diskFloor', message: expect.stringContaining('MB must stay free') });
    expect(floor.problems.has('diskFloor')).toBe(true);
    await floor.dispose();
  });

  it('refuses a new recording when unsent ones fill the spool, drops none, and goes on when there is room', async () => {
    const full = await createSpoolRig({ config: { maxMegabytes: 1 } });
    await record(full, [randomBytes(1_200_000)]);
    await expect(full.spool.recordings.begin(exampleStart)).rejects.toMatchObject({ failure: 'spoolFull' });
    expect(full.problems.has('spoolFull')).toBe(true);
    expect(await full.spool.jobs.list()).toHaveLength(1);
    expect((await full.spool.usage()).usedBytes).toBeGreaterThan(1_200_000);
    await full.spool.jobs.remove(full.jobs[0]?.mediaId ?? '');
    await (await full.spool.recordings.begin(exampleStart)).close(exampleStart.startTime);
    expect(full.problems.has('spoolFull')).toBe(false);
    await full.dispose();
  });

  it('refuses to record without a key', async () => {
    const key = (): Promise<never> => Promise.reject(new StoreError('noKey', 'no key'));
    const keyless = await createSpoolRig({ vault: vaultOf(key) });
    await expect(keyless.spool.recordings.begin(exampleStart)).rejects.toMatchObject({ failure: 'noKey' });
    expect([...(await filesBelow(keyless.directory)).keys()]).toEqual([]);
    await keyless.dispose();
  });

  it('leaves an interrupted recording for later while its key is away', async () => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    await (await writer.beginSegment(exampleSegment)).append(material);
    const locked = await createSpoolRig({ directory: rig.directory, vault: fixedVault() });
    expect(await locked.spool.recordings.recover()).toBe(0);
    expect(await (await rig.again()).spool.recordings.recover()).toBe(1);
  });

  it('finishes by itself what could not be finished at once, when the cause has passed', async () => {
    const clock = new FakeClock();
    let isAway = false;
    const key = randomBytes(32);
    const vault = vaultOf(() => (isAway ? Promise.reject(new StoreError('noKey', 'locked')) : Promise.resolve(key)));
    const own = await createSpoolRig({ vault, deps: { clock } });
    const writer = await own.spool.recordings.begin(exampleStart);
    const segment = await writer.beginSegment(exampleSegment);
    await segment.append(material);
    isAway = true;
    await expect(segment.finish('2026-01-05T08:00:04.000+0000')).rejects.toMatchObject({ failure: 'noKey' });
    await writer.close('2026-01-05T08:00:04.000+0000');
    await clock.advance(61_000);
    expect(own.jobs).toEqual([]);
    isAway = false;
    await clock.advance(61_000);
    await until('the job', () => own.jobs.length === 1);
    expect(own.jobs[0]?.metadata.stopTime).toBe('2026-01-05T08:00:04.000+0000');
    await own.dispose();
  });

  it('ends a removal that was cut short, and keeps media nobody said was uploaded', async () => {
    await record(rig, [material]);
    await record(rig, [material]);
    const [first, second] = rig.jobs;
    const at = (name: string): string => join(rig.directory, 'jobs', name);
    await rename(at(`${first?.mediaId}.json`), at(`${first?.mediaId}.uploaded`));
    await rm(at(`${second?.mediaId}.json`));
    await writeFile(at(`${second?.mediaId}.json.0.tmp`), '{');
    await rig.again();
    expect(await readdir(join(rig.directory, 'jobs'))).toEqual([`${second?.mediaId}.media`]);
  });

  it('makes no second job of slices whose job is there already', async () => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    const segment = await writer.beginSegment(exampleSegment);
    await segment.append(material);
    const journal = join(rig.directory, 'recordings', (await readdir(join(rig.directory, 'recordings')))[0] ?? '', 'journal.json');
    const before = await readFile(journal);
    await segment.finish('2026-01-05T08:00:04.000+0000');
    await writeFile(journal, before); // As a kill right before its removal leaves it.
    const next = await rig.again();
    await next.spool.jobs.remove(rig.jobs[0]?.mediaId ?? '');
    expect(await next.spool.recordings.recover()).toBe(0);
    expect([...(await filesBelow(rig.directory)).keys()]).toEqual([]);
  });

  it('a recording is not over while one of its segments could not be finished', async () => {
    const key = Buffer.alloc(32, 1);
    let isAway = false;
    const vault = vaultOf(() => (isAway ? Promise.reject(new Error('locked')) : Promise.resolve(key)));
    const own = await createSpoolRig({ vault });
    const { recordings, jobs } = own.spool;
    const writer = await recordings.begin(exampleStart);
    const [first, second] = [await writer.beginSegment(exampleSegment), await writer.beginSegment(exampleSegment)];
    await first.append(material);
    await second.append(material);
    await first.finish('2026-01-05T08:00:04.000+0000');
    let isOver = false;
    const over = jobs.whenRecorded?.(exampleStart.recordingId).then(() => (isOver = true));
    isAway = true;
    await expect(second.finish('2026-01-05T08:00:08.000+0000')).rejects.toThrow('locked');
    await writer.close('2026-01-05T08:00:08.000+0000');
    await recordings.recover();
    expect(isOver).toBe(false);
    isAway = false;
    await recordings.recover();
    await over;
    expect(await readdir(join(own.directory, 'recordings'))).toEqual([]);
    await own.dispose();
  });

  it('a recording an earlier process left is not over before it is recovered', async () => {
    await (await (await rig.spool.recordings.begin(exampleStart)).beginSegment(exampleSegment)).append(material);
    const next = await rig.again();
    let isOver = false;
    const over = next.spool.jobs.whenRecorded?.(exampleStart.recordingId).then(() => (isOver = true));
    await next.spool.jobs.whenRecorded?.('another recording');
    expect(isOver).toBe(false);
    expect(await next.spool.recordings.recover()).toBe(1);
    await over;
  });

  it('puts a damaged sidecar aside with its media, counts it, and lists the others', async () => {
    await record(rig, [material]);
    await record(rig, [material]);
    const [first, second] = rig.jobs;
    await writeFile(join(rig.directory, 'jobs', `${first?.mediaId}.json`), '{"mediaId":');
    expect((await rig.spool.jobs.list()).map(({ mediaId }) => mediaId)).toEqual([second?.mediaId]);
    expect(rig.spool.jobs.damagedCount).toBe(1);
    expect((await readdir(join(rig.directory, 'damaged'))).sort()).toEqual([`${first?.mediaId}.json`, `${first?.mediaId}.media`]);
  });

  it('leaves a sidecar that the disk does not give where it is, counts it, and lists it when it can be read', async () => {
    await record(rig, [material]);
    const [job] = rig.jobs;
    const sidecar = join(rig.directory, 'jobs', `${job?.mediaId}.json`);
    const text = await readFile(sidecar);
    await rm(sidecar);
    await mkdir(sidecar); // Reading it fails with EISDIR, for an administrator's account too.
    expect(await rig.spool.jobs.list()).toEqual([]);
    expect(rig.spool.jobs.damagedCount).toBe(1);
    expect(await readdir(join(rig.directory, 'damaged'))).toEqual([]);
    await rm(sidecar, { recursive: true });
    await writeFile(sidecar, text);
    expect(await rig.spool.jobs.list()).toEqual([job]);
    expect(rig.spool.jobs.damagedCount).toBe(0);
  });

  it('reads a sidecar of a newer version, which knows more', async () => {
    await record(rig, [material]);
    const [job] = rig.jobs;
    if (job === undefined) throw new Error('no job');
    const [mediaFile] = job.metadata.mediaFiles;
    const { contact, displays } = mediaFile.parameters;
    const parameters = {
      ...mediaFile.parameters,
      contact: { ...contact, addedLater: 1 },
      displays: displays.map((display) => ({ ...display, scale: 2 })),
    };
    const metadata = { ...job.metadata, addedLater: { at: 1 }, mediaFiles: [{ ...mediaFile, parameters, codec: 'avc1' }] };
    await writeFile(join(rig.directory, 'jobs', `${job.mediaId}.json`), JSON.stringify({ ...job, metadata, addedLater: true }));
    // What RWS is told stays whole; what only that version knew of the job goes.
    expect(await rig.spool.jobs.list()).toEqual([{ ...job, metadata }]);
  });

  it('puts a damaged journal aside and recovers the others', async () => {
    for (let count = 0; count < 2; count += 1)
      await (await (await rig.spool.recordings.begin(exampleStart)).beginSegment(exampleSegment)).append(material);
    const [folder] = await readdir(join(rig.directory, 'recordings'));
    await writeFile(join(rig.directory, 'recordings', folder ?? '', 'journal.json'), '');
    const next = await rig.again();
    expect(await next.spool.recordings.recover()).toBe(1);
    expect(await readdir(join(rig.directory, 'damaged'))).toEqual([folder]);
  });

  it('says damaged, not nothing, of media that was changed', async () => {
    await record(rig, [material]);
    const [job] = rig.jobs;
    const path = join(rig.directory, 'jobs', `${job?.mediaId}.media`);
    const bytes = await readFile(path);
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const read: unknown = job === undefined ? undefined : await mediaOf(rig, job).catch((error: unknown) => error);
    expect(read).toBeInstanceOf(AppError);
    expect(read).toMatchObject({ failure: 'damaged' });
  });
});
