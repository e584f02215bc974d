import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeMaterial } from '../../support/recorded-material';
import { createSpoolRig, exampleSegment, exampleStart, record, type SpoolRig } from '../../support/spool-rig';

describe('sidecars and journals that an earlier process left', () => {
  let rig: SpoolRig;
  let material: Buffer;
  beforeAll(async () => {
    material = await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 4 });
  });
  beforeEach(async () => {
    rig = await createSpoolRig();
  });
  afterEach(() => rig.dispose());

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

  it('tells of a recording that was broken off before anything of it was kept, once, and of no other', async () => {
    const other = { ...exampleStart, recordingId: 'other' };
    await rig.spool.recordings.begin(exampleStart);
    await (await (await rig.spool.recordings.begin(other)).beginSegment(exampleSegment)).append(material);
    const next = await rig.again();
    const broken: string[] = [];
    next.spool.onBrokenOff(({ recordingId }) => broken.push(recordingId));
    await next.spool.recordings.recover();
    await next.spool.recordings.recover();
    expect([broken, next.jobs.map(({ recordingId }) => recordingId)]).toEqual([[exampleStart.recordingId], ['other']]);
    await next.spool.stop();
  });

  it.each([
    ['nothing was kept of it', false, [exampleStart.recordingId]],
    ['its video is a job', true, []],
  ])('tells of a closed recording whose end nobody may have heard of, when %s', async (_what, hasVideo, expected) => {
    const recording = await rig.spool.recordings.begin(exampleStart);
    const first = await recording.beginSegment(exampleSegment);
    if (hasVideo) await first.append(material);
    await first.finish('2026-03-01T10:00:05.000Z');
    // The program ends in the middle of the second segment, which holds nothing.
    await recording.beginSegment(exampleSegment);
    await recording.close('2026-03-01T10:00:05.000Z');
    const next = await rig.again();
    const broken: string[] = [];
    next.spool.onBrokenOff(({ recordingId }) => broken.push(recordingId));
    await next.spool.recordings.recover();
    await next.spool.recordings.recover();
    expect(broken).toEqual(expected);
    await next.spool.stop();
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
});
