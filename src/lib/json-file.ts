import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';
import type * as z from 'zod';
import { openFile, removeFile, replaceFile, whileHeld } from './held-files';
import { syncFolder } from './sync-folder';
import { errnoOf } from './errno-of';
import { decodeText } from './text-file';

/** Writes a file atomic and durable: a reader sees the old text or the new one whole, also after a power cut. Owner-only. */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await openFile(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await replaceFile(temporary, path);
  } catch (error) {
    await removeFile(temporary).catch(() => undefined); // What kept it from being written is told.
    throw error;
  }
  await syncFolder(dirname(path));
}

export async function writeJsonFile(path: string, value: unknown): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Reads and checks a JSON file, as people's editors save it too (`decodeText`); `undefined` when there is none. Throws `SyntaxError`,
 * `TextEncodingError` or `ZodError` when it is not what the schema says.
 */
export async function readJsonFile<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = decodeText(await whileHeld(() => readFile(path)));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  return schema.parse(JSON.parse(text));
}
