import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../lib/make-folder';

/** What an X server of ours asks of its clients, so that no other user of this computer can look at it. */
export interface DisplayAuthority {
  /** For `-auth` and `XAUTHORITY`; owner-only. */
  readonly file: string;
  remove(): Promise<void>;
}

const COOKIE = 'MIT-MAGIC-COOKIE-1';
const COOKIE_BYTES = 16;
/** Any host; with an empty number, any display: which one it gets is not known before. */
const FAMILY_WILD = 0xffff;

/** @param directory of this user alone; made if it is not there */
export async function createDisplayAuthority(directory: string): Promise<DisplayAuthority> {
  await makeFolder(directory);
  const folder = await mkdtemp(join(directory, 'display-'));
  const file = join(folder, 'authority');
  await writeFile(file, entry(randomBytes(COOKIE_BYTES)), { mode: 0o600 });
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Xau(3): family, then address, display number, name and value, each with its length in front. */
function entry(cookie: Buffer): Buffer {
  const family = Buffer.alloc(2);
  family.writeUInt16BE(FAMILY_WILD);
  return Buffer.concat([family, field(''), field(''), field(COOKIE), field(cookie)]);
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
