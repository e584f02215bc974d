import type { Stats } from 'node:fs';
import { chmod, lstat, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDiskFull } from '../lib/disk-full';
import { makeFolder } from '../lib/make-folder';
import { AppError } from '../shared/errors';
import { errnoOf } from '../lib/errno-of';

const FOR_OTHERS = 0o077;
const WRITABLE_BY_ALL = 0o002;
const STICKY = 0o1000;
/** What tells that a folder is this product's already. */
const OWN_NAMES = ['spool', 'config.json'];

/**
 * Makes the data directory, owner-only, or sees to it that the one that is there belongs to this user alone. Threat model: whoever can write into
 * it, or put another in its place, replaces keys, certificates and recordings; whoever can open it can lock it. Throws `AppError` `configuration`, or
 * the system's error (`isDiskFull`) when the disk has no room for it. On Windows the rights are those the folder inherits.
 * @param isDefault nobody named it: it is this product's, whatever is in it
 */
export async function prepareDataDirectory(path: string, isDefault = false, platform: NodeJS.Platform = process.platform): Promise<void> {
  try {
    await makeFolder(path);
    if (platform !== 'win32') await demandOwn(path, isDefault);
  } catch (error) {
    if (isDiskFull(error) || error instanceof AppError) throw error;
    const code = errnoOf(error) ?? 'unknown error';
    const text = `Could not make the data directory ${path} (${code}). Set dataDirectory to a folder this user may write to.`;
    throw new AppError('configuration', text, { cause: error });
  }
}

async function demandOwn(path: string, isDefault: boolean): Promise<void> {
  const folder = await realpath(path);
  const state = await stat(folder);
  const user = process.getuid?.() ?? state.uid;
  if (state.uid !== user) throw refused(path, `belongs to another user (uid ${state.uid})`, 'Run the service as that user');
  await demandSteadyPlace(path, folder);
  if ((state.mode & FOR_OTHERS) !== 0) await close(path, folder, state, isDefault);
  for (const name of await readdir(folder)) {
    const owner = await lstat(join(folder, name)).then(
      ({ uid }) => uid,
      () => user, // removed meanwhile
    );
    if (owner !== user && owner !== 0) throw refused(path, `holds ${name}, which belongs to another user (uid ${owner})`, 'Remove it');
  }
}

/** In a folder that everybody may write to, and that does not keep them from each other's files, anybody can put another in our folder's place. */
async function demandSteadyPlace(path: string, folder: string): Promise<void> {
  for (let above = dirname(folder); ; above = dirname(above)) {
    const { mode } = await stat(above);
    if ((mode & WRITABLE_BY_ALL) !== 0 && (mode & STICKY) === 0) {
      throw refused(path, `lies in ${above}, where every user can put another folder in its place`, `Run "chmod o-w ${above}"`);
    }
    if (above === dirname(above)) return;
  }
}

/** Not one that others may use too: the folder of temporary files, or a home folder. */
async function close(path: string, folder: string, { mode }: Stats, isDefault: boolean): Promise<void> {
  const names = await readdir(folder);
  const isOurs = isDefault || names.length === 0 || names.some((name) => OWN_NAMES.includes(name));
  if (!isOurs || (mode & STICKY) !== 0) {
    const rights = (mode & 0o7777).toString(8).padStart(4, '0');
    throw refused(path, `is open to other users (mode ${rights}) and holds other things`, `Run "chmod 700 ${path}"`);
  }
  await chmod(folder, 0o700);
}

function refused(path: string, found: string, remedy: string): AppError {
  return new AppError(
    'configuration',
    `The data directory ${path} ${found}. ${remedy}, or set dataDirectory to a folder of this user alone.`,
  );
}
