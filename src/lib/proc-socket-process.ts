import { readdir, readFile, readlink } from 'node:fs/promises';
import { holdingTimers } from './clock';
import type { PortHolder } from './connection-owners';
import { withDeadline } from './deadline';

const SEARCH_MS = 2_000;

/**
 * Linux: the process that has a socket open, by its links in `/proc/<pid>/fd`. `undefined` when this user may not read those of the process,
 * which is so for every other user's, or when none was found within 2 s.
 */
export async function findSocketProcess(inode: string, root = '/proc'): Promise<PortHolder['process']> {
  const tooLate = (): Error => new Error('the processes could not be looked through in time');
  try {
    return await withDeadline(holdingTimers, { ms: SEARCH_MS, tooLate }, (signal) => search(`socket:[${inode}]`, root, signal));
  } catch {
    return undefined; // it is told without, then
  }
}

async function search(link: string, root: string, signal: AbortSignal): Promise<PortHolder['process']> {
  const ids = (await readdir(root)).filter((name) => /^\d+$/.test(name));
  for (const id of ids) {
    if (signal.aborted) return undefined;
    if (!(await holds(`${root}/${id}/fd`, link))) continue;
    const name = (await readFile(`${root}/${id}/comm`, 'utf8').catch(() => '')).trim();
    return { id: Number(id), ...(name === '' ? {} : { name }) };
  }
  return undefined;
}

async function holds(folder: string, link: string): Promise<boolean> {
  const entries = await readdir(folder).catch((): string[] => []); // another user's, or gone
  const links = await Promise.all(entries.map((entry) => readlink(`${folder}/${entry}`).catch(() => '')));
  return links.includes(link);
}
