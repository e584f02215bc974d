import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What only video files hold, in hexadecimal; too long to come about in sealed bytes by chance. */
const SIGNS: Readonly<Record<string, RegExp>> = {
  'an EBML head': /1a45dfa3(..){1,8}4286/,
  'a Matroska type': pattern(`\x42\x82.(matroska|webm)`),
  'a Matroska cluster': /1f43b675(..){1,8}e78[1-8]/,
  'an MP4 head': pattern('ftyp(isom|mp4|avc1)'),
  'an MP4 index': pattern('moov....mvhd'),
  'an H.264 configuration': pattern('avcC\x01'),
  'an H.264 start code': /00000001(67|27|65|25)/,
};

/** A pattern of characters as one of their hexadecimal digits. */
function pattern(text: string): RegExp {
  return new RegExp(text.replace(/[^().|]/g, (character) => Buffer.from(character, 'latin1').toString('hex')).replaceAll('.', '..'));
}

/** The signs of clear video in some bytes. */
export function clearVideoIn(bytes: Buffer): readonly string[] {
  const digits = bytes.toString('hex');
  return Object.entries(SIGNS).flatMap(([name, sign]) => (sign.test(digits) ? [name] : []));
}

/** Every file below a folder that holds clear video, with what gives it away. */
export async function clearVideoBelow(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const signs = clearVideoIn(await readFile(path).catch(() => Buffer.alloc(0))); // removed meanwhile
    if (signs.length > 0) found.push(`${path}: ${signs.join(', ')}`);
  }
  return found;
}
