import { chmod, chown, lchown, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDataDirectory } from '../../../src/config/data-directory';
import { OTHER_USER } from '../../support/other-user';

/** What was found at a data directory that the configuration names. */
describe('a named data directory', () => {
  let root: string;
  let directory: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'srs-data-'));
    directory = join(root, 'data');
    await mkdir(directory);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o7777;

  it.each([
    ['is empty', 0o755, () => Promise.resolve()],
    ['is empty and anybody may write to it', 0o777, () => Promise.resolve()],
    ['holds a spool', 0o775, () => mkdir(join(directory, 'spool'))],
    ['holds the user’s settings', 0o755, () => writeFile(join(directory, 'config.json'), '{}')],
    ['is closed already, and holds other things', 0o700, () => writeFile(join(directory, 'letter'), '')],
  ])('that %s is closed to others', async (_what, mode, fill) => {
    await fill();
    await chmod(directory, mode);
    await prepareDataDirectory(directory);
    expect(await modeOf(directory)).toBe(0o700);
    await prepareDataDirectory(directory);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['belongs to another user', () => chown(directory, OTHER_USER, OTHER_USER), 'belongs to another user (uid 65534)'],
    [
      'belongs to another user, behind a link of ours',
      async () => {
        await chown(directory, OTHER_USER, OTHER_USER);
        await symlink(directory, join(root, 'link'));
        directory = join(root, 'link');
      },
      'belongs to another user',
    ],
    [
      'others can enter, and which holds other things',
      async () => {
        await writeFile(join(directory, 'letter'), '');
        await chmod(directory, 0o755);
      },
      'is open to other users (mode 0755)',
    ],
    [
      'is a folder for temporary files',
      async () => {
        await mkdir(join(directory, 'spool'));
        await chmod(directory, 0o1777);
      },
      'is open to other users (mode 1777)',
    ],
    ['lies where everybody can put another in its place', () => chmod(root, 0o777), 'lies in '],
    ...['certificate', 'spool-key', 'spool'].map((name): [string, () => Promise<unknown>, string] => [
      `holds a planted ${name}`,
      async () => {
        await writeFile(join(directory, name), '');
        await chown(join(directory, name), OTHER_USER, OTHER_USER);
        await chmod(directory, 0o700);
      },
      `holds ${name}, which belongs to another user (uid 65534)`,
    ]),
    [
      'holds another user’s link to a folder of ours',
      async () => {
        await symlink(root, join(directory, 'spool'));
        await lchown(join(directory, 'spool'), OTHER_USER, OTHER_USER);
        await chmod(directory, 0o700);
      },
      'holds spool, which belongs to another user',
    ],
  ])('that %s is refused, untouched', async (_what, spoil, found) => {
    await spoil();
    const before = await modeOf(directory);
    await expect(prepareDataDirectory(directory)).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(/^The data directory .*, or set dataDirectory to a folder of this user alone\.$/),
    });
    await expect(prepareDataDirectory(directory)).rejects.toThrow(found);
    expect(await modeOf(directory)).toBe(before);
  });

  it('that is not there is made for the user alone, with those above it', async () => {
    await prepareDataDirectory(join(directory, 'a', 'b'));
    expect([await modeOf(join(directory, 'a')), await modeOf(join(directory, 'a', 'b'))]).toEqual([0o700, 0o700]);
  });
});
