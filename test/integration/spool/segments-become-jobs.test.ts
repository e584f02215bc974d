import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeMaterial, slicesOf } from '../../support/recorded-material';
import { createSpoolRig, exampleSegment, exampleStart, filesBelow, mediaOf, record, vaultOf, type SpoolRig } from '../../support/spool-rig';

describe('a segment of a recording', () => {
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
    const over = jobs.whenRecorded(exampleStart.recordingId).then(() => (isOver = true));
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
    const over = next.spool.jobs.whenRecorded(exampleStart.recordingId).then(() => (isOver = true));
    await next.spool.jobs.whenRecorded('another recording');
    expect(isOver).toBe(false);
    expect(await next.spool.recordings.recover()).toBe(1);
    await over;
  });
});
