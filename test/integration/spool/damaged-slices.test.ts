import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { silentLogger } from '../../../src/lib/logger';
import { openJobStore } from '../../../src/spool/create-spool';
import { fromRwsTime } from '../../../src/shared/rws-time';
import { findCluster } from '../../../src/spool/media/ebml-walk';
import type { SpoolJob } from '../../../src/spool/ports';
import { createSealer } from '../../../src/spool/sealed/sealer';
import { makeMaterial, probeVideo, slicesOf } from '../../support/recorded-material';
import { editJournal, leaveRecording, recordsOf } from '../../support/slice-records';
import { createSpoolRig, exampleStart, filesBelow, fixedVault, mediaOf, type SpoolRig } from '../../support/spool-rig';

const run = promisify(execFile);
const SLICES = 12;
/** Three groups of ten frames: what is lost of one goes to the next key frame. */
const SECONDS = 6;
const vault = fixedVault();

function flipped(bytes: Buffer, position: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[position] = (copy[position] ?? 0) ^ 1;
  return copy;
}

interface Recovered {
  readonly job: SpoolJob | undefined;
  /** Names in `damaged/`. */
  readonly aside: readonly string[];
  readonly told: number;
  readonly keepsAll: boolean;
  readonly media: Buffer;
}

/** Records, changes the file of slices as told, recovers. */
async function recoverChanged(slices: readonly Buffer[], isClosed: boolean, change: (file: Buffer) => Buffer): Promise<Recovered> {
  let told = 0;
  const rig = await createSpoolRig({ vault, onDamaged: () => (told += 1) });
  const left = await leaveRecording(rig, slices, isClosed);
  const changed = change(left.slices);
  await writeFile(left.slicesPath, changed);
  const next = await rig.again();
  await next.spool.recordings.recover();
  const [job] = next.jobs;
  const media = job === undefined ? Buffer.alloc(0) : await mediaOf(next, job);
  const aside = await readdir(join(rig.directory, 'damaged'));
  expect(await readdir(join(rig.directory, 'recordings'))).toEqual([]);
  const kept = aside.length === 0 ? undefined : await readFile(join(rig.directory, 'damaged', left.mediaId, `${left.mediaId}.slices`));
  await next.spool.stop();
  await rig.dispose();
  return { job, aside, told, keepsAll: kept?.equals(changed) ?? false, media };
}

function damageGaps(job: SpoolJob | undefined): readonly string[] {
  const events = job?.metadata.eventHistory ?? [];
  return events.filter(({ event, reason }) => event === 'gap' && reason?.includes('damaged')).map(({ time }) => time);
}

describe.each([
  { container: 'matroska', codec: 'libx264', isLive: true },
  { container: 'matroska', codec: 'libx264', isLive: false },
  { container: 'webm', codec: 'libvpx-vp9', isLive: true },
] as const)('slices that are damaged ($container $codec live=$isLive)', (options) => {
  let slices: readonly Buffer[];
  let folder: string;
  beforeAll(async () => {
    slices = slicesOf(await makeMaterial({ ...options, seconds: SECONDS }), SLICES);
    folder = await mkdtemp(join(tmpdir(), 'srs-video-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const video = async (media: Buffer): Promise<{ frames: number; seconds: number; errors: string }> => {
    const file = join(folder, 'video.mp4');
    await writeFile(file, media);
    const { stderr } = await run('ffmpeg', ['-v', 'error', '-i', file, '-f', 'null', '-']);
    return { ...(await probeVideo(file)), errors: stderr };
  };

  it('one in the middle is stepped over: the video goes on behind it, the gap is noted, all are kept, and it is told', async () => {
    const { job, aside, told, keepsAll, media } = await recoverChanged(slices, true, (file) =>
      flipped(file, (recordsOf(file)[4]?.end ?? 0) - 40),
    );
    const { frames, seconds, errors } = await video(media);
    expect({ errors, aside: aside.length, told, keepsAll }).toEqual({ errors: '', aside: 1, told: 1, keepsAll: true });
    expect(frames).toBeGreaterThanOrEqual(10);
    expect(frames).toBeLessThan(30);
    expect(Math.abs(seconds - SECONDS)).toBeLessThan(0.4);
    expect(damageGaps(job)).toEqual([expect.stringMatching(/^2026-01-05T08:00:0[12]\.\d00\+0000$/)]);
  });

  it.each([0, 1, 6, SLICES - 1])('number %d: the others are in the video or kept', async (index) => {
    const { job, aside, told, keepsAll, media } = await recoverChanged(slices, true, (file) =>
      flipped(file, (recordsOf(file)[index]?.contentStart ?? 0) + 20),
    );
    expect({ aside: aside.length, told, keepsAll, hasJob: job !== undefined }).toEqual({
      aside: 1,
      told: 1,
      keepsAll: true,
      hasJob: index > 0,
    });
    if (job === undefined) return;
    expect(damageGaps(job)).toHaveLength(1);
    expect((await video(media)).errors).toBe('');
  });

  it('the last ones that are missing are noticed by their number', async () => {
    const { job, told } = await recoverChanged(slices, true, (file) => file.subarray(0, recordsOf(file)[9]?.end));
    expect([damageGaps(job).length, told]).toEqual([1, 1]);
  });

  it.each([
    ['mark', 1],
    ['number', 6],
    ['length', 10],
    ['check', 14],
  ])('headers whose %s is damaged cost nothing', async (_what, offset) => {
    const { aside, media } = await recoverChanged(slices, true, (file) =>
      [0, 5, SLICES - 1].reduce((bytes, index) => flipped(bytes, (recordsOf(file)[index]?.start ?? 0) + offset), file),
    );
    expect({ aside, ...(await video(media)) }).toMatchObject({ aside: [], frames: 30, errors: '' });
  });

  it.each([
    ['swapped', swap],
    ['repeated', (file: Buffer, third: Buffer, seventh: Buffer) => Buffer.concat([file, seventh, third])],
    ['behind foreign bytes', (file: Buffer, third: Buffer) => insert(file, third, Buffer.alloc(5000, 0x5a))],
    ['behind a head that is damaged', (file: Buffer) => flipped(flipped(file, 2), 20)],
  ])('slices that are %s are put in order by their number', async (_what, change) => {
    const { aside, media } = await recoverChanged(slices, true, (file) => {
      const records = recordsOf(file);
      const [third, seventh] = [2, 6].map((index) => file.subarray(records[index]?.start, records[index]?.end)) as [Buffer, Buffer];
      return change(file, third, seventh);
    });
    expect({ aside, ...(await video(media)) }).toMatchObject({ aside: [], frames: 30, errors: '' });
  });

  it('a slice that is missing with its header is a gap', async () => {
    const { job, told, media } = await recoverChanged(slices, false, (file) => {
      const record = recordsOf(file)[5];
      return Buffer.concat([file.subarray(0, record?.start), file.subarray(record?.end)]);
    });
    expect([damageGaps(job).length, told, (await video(media)).errors]).toEqual([1, 1, '']);
  });

  it('bytes that are missing in the middle cost the slices they were cut from', async () => {
    const { job, told, media } = await recoverChanged(slices, false, (file) => {
      const records = recordsOf(file);
      return Buffer.concat([file.subarray(0, (records[4]?.contentStart ?? 0) + 50), file.subarray((records[5]?.contentStart ?? 0) + 50)]);
    });
    expect([damageGaps(job).length, told, (await video(media)).errors]).toEqual([1, 1, '']);
  });

  it('a video whose first frames are lost begins, in the metadata too, with the first that is shown', async () => {
    const material = Buffer.concat(slices);
    const source = { size: material.length, read: (start: number, end: number) => Promise.resolve(material.subarray(start, end)) };
    const head = (await findCluster(source, 0)) ?? 0; // Browsers give the head of the container as a slice of its own.
    const { job, media } = await recoverChanged([material.subarray(0, head), ...slicesOf(material.subarray(head), 8)], true, (file) =>
      flipped(file, (recordsOf(file)[1]?.contentStart ?? 0) + 40),
    );
    const { startTime, stopTime, duration } = job?.metadata.mediaFiles[0] ?? {};
    const lengthMs = (fromRwsTime(stopTime ?? '') ?? 0) - (fromRwsTime(startTime ?? '') ?? 0);
    expect(damageGaps(job)).toEqual(['2026-01-05T08:00:00.000+0000']);
    expect(startTime).toMatch(/^2026-01-05T08:00:02\.\d00\+0000$/);
    expect(Math.abs(Number(duration) - lengthMs)).toBeLessThan(400);
    expect((await video(media)).errors).toBe('');
  });
});

function swap(bytes: Buffer, a: Buffer, b: Buffer): Buffer {
  const [first, second] = [bytes.indexOf(a), bytes.indexOf(b)];
  const between = bytes.subarray(first + a.length, second);
  return Buffer.concat([bytes.subarray(0, first), b, between, a, bytes.subarray(second + b.length)]);
}

function insert(bytes: Buffer, before: Buffer, foreign: Buffer): Buffer {
  const at = bytes.indexOf(before);
  return Buffer.concat([bytes.subarray(0, at), foreign, bytes.subarray(at)]);
}

describe('around damaged slices', () => {
  let rig: SpoolRig;
  let material: Buffer;
  let told: number;
  beforeAll(async () => {
    material = await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 4 });
  });
  beforeEach(async () => {
    told = 0;
    rig = await createSpoolRig({ vault, onDamaged: () => (told += 1) });
  });
  afterEach(() => rig.dispose());

  const recover = async (): Promise<SpoolRig> => {
    const next = await rig.again();
    await next.spool.recordings.recover();
    await next.spool.stop();
    return next;
  };
  const open = (): ReturnType<typeof openJobStore> => openJobStore({ directory: rig.directory, vault, log: silentLogger });

  it.each([true, false])(
    'what is left of a recording without its first slice is kept, told and exported (closed: %s)',
    async (isClosed) => {
      const parts = slicesOf(material, 6);
      const left = await leaveRecording(rig, parts, isClosed);
      await writeFile(left.slicesPath, flipped(left.slices, (recordsOf(left.slices)[0]?.contentStart ?? 0) + 30));
      const next = await recover();
      expect([next.jobs.length, told, (await next.spool.jobs.list()).length, next.spool.jobs.damagedCount]).toEqual([0, 1, 0, 1]);
      const { damaged } = await open();
      expect(await damaged.list()).toMatchObject([{ mediaId: left.mediaId, damaged: expect.stringContaining('cannot be read') }]);
      const exported = Buffer.concat(await damaged.openMedia(left.mediaId).toArray());
      expect(exported.equals(Buffer.concat(parts.slice(1)))).toBe(true);
      await recover();
      expect(told).toBe(1);
    },
  );

  it('a recorder is told that nothing could be saved, not that there was no video', async () => {
    const writer = await rig.spool.recordings.begin(exampleStart);
    const segment = await writer.beginSegment({ mimeType: 'video/x-matroska', startTime: exampleStart.startTime, displays: [] });
    for (const slice of slicesOf(material, 3)) await segment.append(slice);
    const name = [...(await filesBelow(rig.directory)).keys()].find((file) => file.endsWith('.slices')) ?? '';
    const bytes = await readFile(join(rig.directory, name));
    await writeFile(join(rig.directory, name), flipped(bytes, (recordsOf(bytes)[0]?.contentStart ?? 0) + 30));
    await expect(segment.finish(exampleStart.startTime)).rejects.toMatchObject({ failure: 'damaged' });
    await writer.close(exampleStart.startTime);
    expect(told).toBe(1);
    expect(await readdir(join(rig.directory, 'recordings'))).toEqual([]);
  });

  it('a file of slices that is gone is told once', async () => {
    const left = await leaveRecording(rig, slicesOf(material, 3), true);
    await rm(left.slicesPath);
    await recover();
    await recover();
    expect(told).toBe(1);
    const { damaged } = await open();
    expect(await damaged.list()).toMatchObject([{ mediaId: left.mediaId, damaged: 'its video is gone' }]);
  });

  it('the key is found in the slices when the journal’s is damaged', async () => {
    const left = await leaveRecording(rig, slicesOf(material, 3), true);
    await editJournal(left.folder, (journal) => ({ ...journal, wrappedKey: Buffer.alloc(60, 7).toString('base64') }));
    const next = await recover();
    expect(next.jobs).toEqual([expect.objectContaining({ mimeType: 'video/mp4' })]);
    expect((await mediaOf(next, next.jobs[0]!)).length).toBe(next.jobs[0]?.size);
  });

  it('slices whose journal is damaged can be exported', async () => {
    const left = await leaveRecording(rig, slicesOf(material, 3), false);
    await writeFile(join(left.folder, 'journal.json'), '{"version":1,');
    await recover();
    const { damaged } = await open();
    expect(await damaged.list()).toMatchObject([{ mediaId: left.mediaId, damaged: expect.stringContaining('journal') }]);
    expect(Buffer.concat(await damaged.openMedia(left.mediaId).toArray()).equals(material)).toBe(true);
  });

  it('what the disk does not give is no damage: everything stays where it is', async () => {
    const left = await leaveRecording(rig, slicesOf(material, 3), true);
    await rm(left.slicesPath);
    await mkdir(left.slicesPath); // Reading it fails with EISDIR.
    const before = (await readdir(rig.directory, { recursive: true })).sort();
    const next = await recover();
    // Told, since a disk that keeps refusing is for a person to look at.
    expect([next.jobs.length, told]).toEqual([0, 1]);
    expect((await readdir(rig.directory, { recursive: true })).sort()).toEqual(before);
    await rm(left.slicesPath, { recursive: true });
    await writeFile(left.slicesPath, left.slices);
    expect((await recover()).jobs).toHaveLength(1);
  });

  it.each([false, true])('slices an earlier version left are read, damaged ones stepped over (damaged: %s)', async (isDamaged) => {
    const plain = await createSpoolRig({ config: { encrypt: false }, onDamaged: () => (told += 1) });
    const parts = slicesOf(material, 6);
    const left = await leaveRecording(plain, parts, false);
    const sealer = createSealer(undefined);
    const old = parts.map((part, index) => {
      const sealed = sealer.seal(`slice:${left.mediaId}:${index}`, part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(sealed.length);
      return Buffer.concat([length, isDamaged && index === 3 ? flipped(sealed, 100) : sealed]);
    });
    await writeFile(left.slicesPath, Buffer.concat([Buffer.from('SRSSLC1\n'), ...old]));
    const next = await plain.again();
    expect(await next.spool.recordings.recover()).toBe(1);
    expect([told, await readdir(join(plain.directory, 'damaged'))]).toEqual(isDamaged ? [1, [left.mediaId]] : [0, []]);
    await next.spool.stop();
    await plain.dispose();
  });
});
