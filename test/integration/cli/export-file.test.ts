import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { writeExport } from '../../../src/cli/export-file';

describe('the file an export is written to', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'srs-export-'));
    file = join(folder, 'out.mp4');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const video = (): Readable => Readable.from([Buffer.from('vid'), Buffer.from('eo')], { objectMode: false });
  const broken = (): Readable =>
    Readable.from(
      (async function* () {
        yield Buffer.from('vid');
        throw new Error('damaged');
      })(),
      { objectMode: false },
    );
  const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

  it.each([true, false])('is its owner’s alone when it is new (may replace: %s)', async (mayReplace) => {
    await writeExport(video(), file, mayReplace);
    expect([await readFile(file, 'utf8'), await modeOf(file)]).toEqual(['video', 0o600]);
  });

  it.each([0o644, 0o666, 0o400])('is its owner’s alone when it replaces one of mode %o', async (mode) => {
    await writeFile(file, 'old');
    await chmod(file, mode);
    await writeExport(video(), file, true);
    expect([await readFile(file, 'utf8'), await modeOf(file)]).toEqual(['video', 0o600]);
  });

  it('takes the place of a link, and does not follow it', async () => {
    const target = join(folder, 'shared.mp4');
    await writeFile(target, 'theirs', { mode: 0o666 });
    await symlink(target, file);
    await writeExport(video(), file, true);
    expect([await readFile(file, 'utf8'), await modeOf(file), await readFile(target, 'utf8')]).toEqual(['video', 0o600, 'theirs']);
  });

  it('is not touched without leave', async () => {
    await writeFile(file, 'old');
    await expect(writeExport(video(), file, false)).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(file, 'utf8')).toBe('old');
  });

  it.each([true, false])('a video that cannot be read to its end leaves what was there, and nothing else (there: %s)', async (isThere) => {
    if (isThere) await writeFile(file, 'old');
    await expect(writeExport(broken(), file, isThere)).rejects.toThrow('damaged');
    expect(await readdir(folder)).toEqual(isThere ? ['out.mp4'] : []);
    if (isThere) expect(await readFile(file, 'utf8')).toBe('old');
  });

  it('a device is written to; a folder is an error, and stays', async () => {
    await writeExport(video(), '/dev/null', true);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    await mkdir(file);
    await expect(writeExport(video(), file, true)).rejects.toMatchObject({ code: 'EISDIR' });
    expect((await stat(file)).isDirectory()).toBe(true);
  });
});
