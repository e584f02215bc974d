import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrowserProfiles } from '../../../src/headless/browser-profile';

describe('the browser’s profiles', () => {
  let root: string;
  const temporary = process.env['TMPDIR'];

  beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'srs-profiles-test-'))));
  afterEach(async () => {
    if (temporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = temporary;
    await rm(root, { recursive: true, force: true });
  });

  it('lie in the folder they are given, and leave nothing there', async () => {
    const profiles = new BrowserProfiles(join(root, 'data', 'profiles'));
    const [one, two] = [await profiles.create(), await profiles.create()];
    expect((await readdir(join(root, 'data', 'profiles'))).length).toBe(2);
    await profiles.remove(one);
    expect((await readdir(join(root, 'data', 'profiles'))).length).toBe(1);
    await profiles.remove(two);
    expect(await readdir(join(root, 'data'))).toEqual([]);
  });

  it('of a process that was killed are removed before the first one, without following links', async () => {
    const folder = join(root, 'data', 'profiles');
    await mkdir(join(folder, 'browser-left'), { recursive: true });
    await mkdir(join(root, 'precious'));
    await writeFile(join(root, 'precious', 'letter'), 'Dear Ann');
    await symlink(join(root, 'precious'), join(folder, 'browser-linked'));
    const profiles = new BrowserProfiles(folder);
    const profile = await profiles.create();
    expect(await readdir(folder)).toEqual([profile.slice(folder.length + 1)]);
    expect(await readdir(join(root, 'precious'))).toEqual(['letter']);
  });

  it('leave alone what lies among the temporary files, whatever it is called', async () => {
    const shared = join(root, 'tmp');
    const planted = ['srs-capture-999999-x', 'srs-capture-1-y', 'srs-demo-screen-z'];
    for (const name of planted) await mkdir(join(shared, name, 'default'), { recursive: true });
    process.env['TMPDIR'] = shared;
    const profiles = new BrowserProfiles(join(root, 'data'));
    await profiles.remove(await profiles.create());
    expect((await readdir(shared)).sort()).toEqual([...planted].sort());
  });
});
