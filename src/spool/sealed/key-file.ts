import { constants } from 'node:fs';
import { lstat, readdir, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from '../../lib/errno-of';
import { openFile, replaceFile } from '../../lib/held-files';
import { KEY_BYTES } from './sealer';

/** The key that lies in a file because there was no keychain. */
export interface KeyFile {
  /** One; none when it is damaged or not a file. */
  readonly keys: readonly Uint8Array[];
  /** Nobody else can have written or read it. Windows has no owner-only mode: its folder decides there. */
  readonly isOwnersAlone: boolean;
}

const ASIDE = '.aside-';
const OTHERS = 0o077;

/** `undefined` when there is none. */
export async function readKeyFile(path: string): Promise<KeyFile | undefined> {
  const file = await openKeyFile(path);
  if (file === undefined || file === 'noFile') return file === undefined ? undefined : { keys: [], isOwnersAlone: false };
  try {
    const key = decodeKey(await file.readFile('utf8'));
    return key === undefined ? { keys: [], isOwnersAlone: false } : { keys: [key], isOwnersAlone: await isOwnersAlone(file) };
  } finally {
    await file.close();
  }
}

/** A key that may have sealed something is never thrown away. */
export async function putKeyFileAside(path: string): Promise<void> {
  await replaceFile(path, `${path}${ASIDE}${Date.now()}`);
}

export async function readKeyFilesAside(path: string): Promise<readonly Uint8Array[]> {
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(`${basename(path)}${ASIDE}`));
  const files = await Promise.all(names.map((name) => readKeyFile(join(dirname(path), name))));
  return files.flatMap((file) => file?.keys ?? []);
}

export function encodeKey(key: Uint8Array): string {
  return Buffer.from(key).toString('base64');
}

export function decodeKey(text: string | undefined): Uint8Array | undefined {
  const key = Buffer.from(text?.trim() ?? '', 'base64');
  return key.length === KEY_BYTES ? key : undefined;
}

/** Not through a link, and never one that would wait for a writer. */
async function openKeyFile(path: string): Promise<FileHandle | 'noFile' | undefined> {
  try {
    if (!(await lstat(path)).isFile()) return 'noFile';
    return await openFile(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT') return undefined;
    if (code === 'ELOOP') return 'noFile';
    throw error;
  }
}

async function isOwnersAlone(file: FileHandle): Promise<boolean> {
  const { uid, mode, nlink } = await file.stat();
  const user = process.getuid?.();
  return user === undefined || (uid === user && (mode & OTHERS) === 0 && nlink === 1);
}
