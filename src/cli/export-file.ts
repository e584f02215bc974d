import { randomUUID } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openFile, removeFile, replaceFile } from '../lib/held-files';
import { errnoOf } from '../lib/errno-of';

/**
 * Writes clear video into a file that only its owner can read, whatever was there before: one that is replaced hands on neither its mode
 * nor, as a link, where it points to. After a failure the old file is as it was.
 * @param mayReplace otherwise a file that is there is an error (EEXIST)
 */
export async function writeExport(media: Readable, file: string, mayReplace: boolean): Promise<void> {
  const there = mayReplace ? await kindOf(file) : 'nothing';
  if (there === 'nothing') return writeNew(media, file);
  if (there === 'special') return pipeline(media, (await openFile(file, 'w')).createWriteStream());
  const temporary = `${file}.${randomUUID()}.part`;
  await writeNew(media, temporary);
  try {
    await replaceFile(temporary, file);
  } catch (error) {
    await removeFile(temporary);
    throw error;
  }
}

/** `special`: a device or a pipe, which is written to; a folder, which is an error. */
async function kindOf(file: string): Promise<'nothing' | 'file' | 'special'> {
  try {
    const found = await lstat(file);
    return found.isFile() || found.isSymbolicLink() ? 'file' : 'special';
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 'nothing';
    throw error;
  }
}

async function writeNew(media: Readable, file: string): Promise<void> {
  const target = await openFile(file, 'wx', 0o600);
  try {
    await pipeline(media, target.createWriteStream());
  } catch (error) {
    await removeFile(file);
    throw error;
  }
}
