import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../src/shared/errors';
import { makeMaterial, slicesOf } from '../../support/recorded-material';
import { createSpoolRig, exampleSegment, exampleStart, filesBelow, mediaOf, record, type SpoolRig } from '../../support/spool-rig';

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

describe('what the spool holds on disk', () => {
  let rig: SpoolRig;
  let material: Buffer;
  beforeAll(async () => {
    material = await makeMaterial({ container: 'matroska', codec: 'libx264', seconds: 4 });
  });
  beforeEach(async () => {
    rig = await createSpoolRig();
  });
  afterEach(() => rig.dispose());

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

  it('reads media from any offset', async () => {
    const material = randomBytes(1_000_000);
    await record(rig, slicesOf(material, 5));
    const [job] = rig.jobs;
    if (job === undefined) throw new Error('no job');
    for (const offset of [0, 1, 262_143, 262_144, 262_145, 999_999, 1_000_000]) {
      expect((await mediaOf(rig, job, offset)).equals(material.subarray(offset))).toBe(true);
    }
  });

  it('stores clear only when told to', async () => {
    const clear = await createSpoolRig({ config: { encrypt: false } });
    const material = randomBytes(300_000);
    await record(clear, slicesOf(material, 5));
    const [job] = clear.jobs;
    expect(job === undefined ? undefined : (await mediaOf(clear, job)).equals(material)).toBe(true);
    await clear.dispose();
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
