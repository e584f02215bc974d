import type { Stats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readSecurityDescriptor } from '../lib/windows-security';
import { describeError } from '../shared/errors';
import { windowsWriters } from './windows-access';

const FOR_GROUP = 0o020;
const FOR_ALL = 0o002;
const STICKY = 0o1000;
const ROOT = 0;

/**
 * Who but an administrator could change what the machine-wide file or a policy says; `undefined` when nobody can. Threat model: an agent who can
 * write it, or put another file in its place, chooses the recording server, the origins and what is locked.
 * @param own a user who may own it besides the administrator, for tests
 */
export async function describeOtherWriters(path: string, platform: NodeJS.Platform, own?: number): Promise<string | undefined> {
  if (platform === 'win32') return describeWindowsWriters(path);
  const file = await stat(path);
  const folder = await stat(dirname(path));
  return describeWriters(path, file, own) ?? describeWriters(dirname(path), folder, own);
}

async function describeWindowsWriters(path: string): Promise<string | undefined> {
  const folder = dirname(path);
  // Also a junction, which every user may make where they may make a folder.
  if ((await lstat(folder)).isSymbolicLink()) return `lies in ${folder}, which is a link to another folder`;
  try {
    const ofFolder = windowsWriters(await readSecurityDescriptor(folder), 'folder');
    if (ofFolder !== undefined) return `lies in ${folder}, which ${ofFolder}`;
    return windowsWriters(await readSecurityDescriptor(path), 'file');
  } catch (error) {
    return `may be somebody's who is no administrator: ${describeError(error)}`;
  }
}

function describeWriters(path: string, { uid, gid, mode }: Stats, own: number | undefined): string | undefined {
  const isOpen = (mode & FOR_ALL) !== 0 || ((mode & FOR_GROUP) !== 0 && gid !== ROOT);
  // Names in a folder with the sticky bit are their owners' alone.
  if (isOpen && (mode & STICKY) === 0) {
    const rights = (mode & 0o7777).toString(8).padStart(4, '0');
    return `can be changed by other users (mode ${rights} of ${path}); run "chmod go-w ${path}"`;
  }
  if (uid === ROOT || uid === own) return undefined;
  return `can be changed by the user with uid ${uid}, who owns ${path}; run "chown root ${path}"`;
}
