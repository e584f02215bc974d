import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clearVideoBelow } from '../../../test/support/clear-video';
import { PASSWORDS, type ChaosWorld } from './chaos-world';
import { processesThatName } from './process-tree';

/** Clear video and passwords, below the service's folder, in its home and in its log. */
export async function searchDisk(world: ChaosWorld): Promise<readonly string[]> {
  const secrets = Object.entries(PASSWORDS).flatMap(([user, password]) => [
    password,
    Buffer.from(`${user}:${password}`).toString('base64').replace(/=+$/, ''),
  ]);
  const found = (await clearVideoBelow(world.disk.at())).map((what) => `video lies on the disk in clear: ${what}`);
  for (const folder of [world.disk.at(), join(world.directory, 'home')]) {
    for (const file of await filesBelow(folder)) {
      const bytes = await readFile(file).catch(() => Buffer.alloc(0)); // removed meanwhile
      if (secrets.some((secret) => bytes.includes(secret))) found.push(`a password lies on the disk in clear: ${file}`);
    }
  }
  if (secrets.some((secret) => world.log().includes(secret))) found.push('a password is in the log');
  return found;
}

/** Of recordings: what is not uploaded, what is damaged. */
export async function leftFiles({ disk }: ChaosWorld): Promise<readonly string[]> {
  const folders = ['recordings', 'jobs', 'damaged'].map((name) => disk.at('spool', name));
  return (await Promise.all(folders.map(filesBelow))).flat();
}

export function leftProcesses({ directory }: ChaosWorld): readonly string[] {
  return processesThatName(join(directory, 'data'))
    .map(({ command }) => command)
    .filter((command) => !command.startsWith('sh ') && !command.startsWith('sleep '));
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []); // it has not come to be
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
