import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { recordInBrowser, type BrowserMaterial } from '../../support/browser-material';
import { probeVideo, type ProbedVideo } from '../../support/recorded-material';
import { leaveRecording, recordsOf } from '../../support/slice-records';
import { createSpoolRig, exampleSegment, exampleStart, mediaOf, record, type SpoolRig } from '../../support/spool-rig';

const TYPES = ['video/x-matroska;codecs=avc1', 'video/webm;codecs=h264', 'video/webm;codecs=vp9', 'video/webm;codecs=vp8'];
const SECONDS = 4;
/** Chromium makes one of a hundred frames a key frame. */
const SECONDS_OF_TWO_KEY_FRAMES = 14;

describe('what a real MediaRecorder gives', () => {
  let materials: readonly BrowserMaterial[];
  let rig: SpoolRig;
  beforeAll(async () => {
    materials = await recordInBrowser(TYPES, SECONDS);
  });
  beforeEach(async () => {
    rig = await createSpoolRig();
  });
  afterEach(() => rig.dispose());

  const probeJob = async (from: SpoolRig): Promise<ProbedVideo> => {
    const [job] = from.jobs;
    if (job === undefined) throw new Error('no job');
    expect(job.mimeType).toBe('video/mp4');
    const file = join(from.directory, 'probe.mp4');
    await writeFile(file, await mediaOf(from, job));
    return probeVideo(file);
  };

  it('becomes an MP4 of the same length, whatever the codec', async () => {
    expect(materials.map(({ mimeType }) => mimeType)).toEqual(
      expect.arrayContaining(['video/x-matroska;codecs=avc1', 'video/webm;codecs=vp9']),
    );
    for (const { mimeType, slices } of materials) {
      const own = await createSpoolRig();
      await record(own, slices, { ...exampleSegment, mimeType });
      const probed = await probeJob(own);
      expect(probed).toMatchObject({ width: 640, height: 360 });
      expect(Math.abs(probed.seconds - SECONDS)).toBeLessThan(1);
      await own.dispose();
    }
  });

  it('torn in its last block, and without CodecPrivate: all whole frames are kept', async () => {
    const [{ slices, mimeType }] = materials as [BrowserMaterial];
    const last = slices.at(-1) ?? Buffer.alloc(0);
    const torn = [...slices.slice(0, -1), last.subarray(0, Math.floor(last.length / 2))];
    await record(rig, torn, { ...exampleSegment, mimeType });
    const probed = await probeJob(rig);
    expect(probed.codec).toBe('h264');
    expect(probed.seconds).toBeGreaterThan(SECONDS - 1.6);
  });

  it('survives a kill: finished at the next start without the process that recorded it', async () => {
    const [{ slices, mimeType }] = materials as [BrowserMaterial];
    const writer = await rig.spool.recordings.begin(exampleStart);
    const segment = await writer.beginSegment({ ...exampleSegment, mimeType });
    for (const slice of slices.slice(0, -2)) await segment.append(slice);
    const next = await rig.again();
    expect(await next.spool.recordings.recover()).toBe(1);
    expect((await probeJob(next)).seconds).toBeGreaterThan(SECONDS - 2);
    expect(next.problems.size).toBe(0);
  });

  it('goes on with the next key frame behind a slice that is damaged, and with the picture of its time', async () => {
    for (const { slices, mimeType } of await recordInBrowser(TYPES.slice(0, 3), SECONDS_OF_TWO_KEY_FRAMES)) {
      const own = await createSpoolRig();
      const left = await leaveRecording(own, slices, true, mimeType);
      const at = recordsOf(left.slices)[4]?.contentStart ?? 0;
      left.slices.fill(0, at + 20, at + 40);
      await writeFile(left.slicesPath, left.slices);
      const next = await own.again();
      await next.spool.recordings.recover();
      const probed = await probeJob(next);
      expect({ mimeType, isCut: probed.frames < 10 * SECONDS_OF_TWO_KEY_FRAMES - 20 }).toEqual({ mimeType, isCut: true });
      expect(Math.abs(probed.seconds - SECONDS_OF_TWO_KEY_FRAMES)).toBeLessThan(1.5);
      const gaps = next.jobs[0]?.metadata.eventHistory.filter(({ reason }) => reason?.includes('damaged'));
      expect(gaps).toEqual([expect.objectContaining({ reason: expect.stringContaining('until 2026-01-05T08:00:') })]);
      await next.dispose();
    }
  }, 90_000);
});
