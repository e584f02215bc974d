import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silentLogger } from '../../../../src/lib/logger';
import { openJobStore } from '../../../../src/spool/create-spool';
import { createSpoolRig, exampleSegment, fixedVault, record, type SpoolRig } from '../../../support/spool-rig';

const CHUNK_BYTES = 256 * 1024;
const vault = fixedVault();

describe.each([true, false])('what cannot be read (spool.encrypt: %s)', (encrypt) => {
  let rig: SpoolRig;
  beforeEach(async () => {
    rig = await createSpoolRig({ vault, config: { encrypt } });
  });
  afterEach(() => rig.dispose());

  const open = (): ReturnType<typeof openJobStore> => openJobStore({ directory: rig.directory, vault, log: silentLogger });
  const recordBytes = async (size: number): Promise<{ media: Buffer; mediaId: string }> => {
    const media = randomBytes(size);
    await record(rig, [media], { ...exampleSegment, mimeType: 'video/x-test' });
    return { media, mediaId: rig.jobs.at(-1)?.mediaId ?? '' };
  };
  const damage = (mediaId: string): Promise<void> => writeFile(join(rig.directory, 'jobs', `${mediaId}.json`), '{');

  it.each([1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES - 7])(
    'the video of %d bytes is unsealed without its sidecar, before and after it was put aside',
    async (size) => {
      const { media, mediaId } = await recordBytes(size);
      await damage(mediaId);
      for (const putAside of [false, true]) {
        if (putAside) await rig.spool.jobs.list();
        const { damaged } = await open();
        expect(await damaged.list()).toMatchObject([{ mediaId, damaged: expect.stringContaining('not JSON') }]);
        expect(Buffer.concat(await damaged.openMedia(mediaId).toArray()).equals(media)).toBe(true);
      }
    },
  );

  it('is looked at only: others are not named, nothing is moved', async () => {
    const whole = await recordBytes(10);
    const { mediaId } = await recordBytes(10);
    await damage(mediaId);
    const before = (await readdir(rig.directory, { recursive: true })).sort();
    const { jobs, damaged } = await open();
    expect((await jobs.list()).map((job) => job.mediaId)).toEqual([whole.mediaId]);
    expect((await damaged.list()).map((job) => job.mediaId)).toEqual([mediaId]);
    expect((await readdir(rig.directory, { recursive: true })).sort()).toEqual(before);
  });

  it('of a video that is damaged, all but the damaged part is given, in its place', async () => {
    const { media, mediaId } = await recordBytes(3 * CHUNK_BYTES + 5);
    const path = join(rig.directory, 'jobs', `${mediaId}.media`);
    const bytes = await readFile(path);
    const at = bytes.length - 2 * CHUNK_BYTES; // in the second chunk
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const { damaged } = await open();
    const lost: number[] = [];
    const read = Buffer.concat(await damaged.openMedia(mediaId, (length) => lost.push(length)).toArray());
    expect(lost).toEqual([CHUNK_BYTES]);
    expect(read.equals(Buffer.from(media).fill(0, CHUNK_BYTES, 2 * CHUNK_BYTES))).toBe(true);
  });

  it('says so when the video is cut, or gone', async () => {
    const { mediaId } = await recordBytes(1000);
    await damage(mediaId);
    const { damaged } = await open();
    await truncate(join(rig.directory, 'jobs', `${mediaId}.media`), 600);
    await expect(damaged.openMedia(mediaId).toArray()).rejects.toMatchObject({ failure: 'damaged' });
    await rm(join(rig.directory, 'jobs', `${mediaId}.media`));
    await expect(damaged.openMedia(mediaId).toArray()).rejects.toMatchObject({ failure: 'damaged' });
    expect((await damaged.list())[0]).not.toHaveProperty('size');
  });

  it('a recording put aside before it was finished is named too', async () => {
    const writer = await rig.spool.recordings.begin({
      recordingId: 'r',
      encoding: { framesPerSecond: 5, videoBitsPerSecond: 1 },
      agent: { userName: 'ann' },
      startTime: '2026-01-05T08:00:00.000+0000',
    });
    await (await writer.beginSegment(exampleSegment)).append(randomBytes(10));
    const [folder = ''] = await readdir(join(rig.directory, 'recordings'));
    const mediaId = (await readdir(join(rig.directory, 'recordings', folder))).find((name) => name.endsWith('.slices'))?.slice(0, -7);
    await writeFile(join(rig.directory, 'recordings', folder, 'journal.json'), '');
    const next = await rig.again();
    await next.spool.recordings.recover();
    const { damaged } = await open();
    expect(await damaged.list()).toMatchObject([{ mediaId, damaged: expect.stringContaining('journal') }]);
  });
});
