import { spawnSync } from 'node:child_process';
import { chmod, cp, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Lays out the files of a package below `root`, with the modes that an installed system has.
 * @param {readonly string[]} sources as for fpm: `FILE=/place/of/the/file`, or `FOLDER/=/folder/for/its/content`
 * @returns {Promise<{ root: string, paths: readonly string[] }>} every file and folder, as absolute paths on the installed system
 */
export async function layOut(root, sources) {
  await mkdir(root, { recursive: true });
  for (const source of sources) {
    const at = source.lastIndexOf('=/');
    if (at === -1) throw new Error(`${source}: not of the form FILE=/PLACE`);
    const from = source.slice(0, at);
    const to = path.join(root, source.slice(at + 1));
    await mkdir(path.dirname(to), { recursive: true });
    if ((await stat(from)).isDirectory()) linkFolder(path.resolve(from), to);
    else await cp(from, to);
  }
  const paths = (await readdir(root, { recursive: true })).sort();
  for (const name of paths) await setMode(path.join(root, name));
  return { root, paths: paths.map((name) => `/${name}`) };
}

/** Hard links: the program is some 250 MB, and written once more into the package. */
function linkFolder(from, to) {
  for (const how of [['-a', '--link'], ['-a']]) {
    const { status, stderr } = spawnSync('cp', [...how, '-T', from, to], { encoding: 'utf8' });
    if (status === 0) return;
    if (how.length === 1) throw new Error(`${from} cannot be copied: ${stderr}`);
  }
}

/** Whatever the umask of whoever built it. */
async function setMode(file) {
  const facts = await lstat(file);
  if (facts.isSymbolicLink()) return;
  // Electron's libraries come executable; they are only loaded.
  const isExecutable = facts.isDirectory() || ((facts.mode & 0o100) !== 0 && !/\.so(\.\d+)*$/.test(file));
  await chmod(file, isExecutable ? 0o755 : 0o644);
}
