import { readFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';

const COOKIE = 'MIT-MAGIC-COOKIE-1';
/** Whose display an entry is for (Xauth.h): of the computer that `address` names, or any. */
const FAMILY_LOCAL = 256;
const FAMILY_WILD = 65535;

export interface XAuthorization {
  readonly name: string;
  readonly value: Buffer;
}

interface Entry {
  readonly family: number;
  readonly address: string;
  /** Empty for every display. */
  readonly number: string;
  readonly name: string;
  readonly value: Buffer;
}

/**
 * The cookie of one local display out of the user's authority file, chosen as every X program does: the first entry that is for this computer;
 * none when there is none, as on an open server. A home folder on the network holds those of other computers too, which are none of this
 * server's business.
 */
export async function readXAuthorization(displayNumber: string, env: NodeJS.ProcessEnv = process.env): Promise<XAuthorization> {
  const none = { name: '', value: Buffer.alloc(0) };
  const content = await readFile(env['XAUTHORITY'] || join(homedir(), '.Xauthority')).catch(() => undefined); // no file: nothing to show
  if (content === undefined) return none;
  for (const entry of entries(content)) {
    if (isForDisplay(entry, displayNumber) && entry.name === COOKIE) return { name: COOKIE, value: entry.value };
  }
  return none;
}

function isForDisplay({ family, address, number }: Entry, displayNumber: string): boolean {
  const isOfThisComputer = family === FAMILY_WILD || (family === FAMILY_LOCAL && address === hostname());
  return isOfThisComputer && (number === '' || number === displayNumber);
}

/**
 * Each entry: family (2 bytes), then address, display number, name and value, each with its length (2 bytes, big-endian) in front. Ends where the
 * file does, in the middle of an entry too.
 */
function* entries(content: Buffer): Generator<Entry> {
  let at = 0;
  const field = (): Buffer | undefined => {
    const start = at + 2;
    if (start > content.length) return undefined;
    at = start + content.readUInt16BE(at);
    return at > content.length ? undefined : content.subarray(start, at);
  };
  while (at + 2 <= content.length) {
    const family = content.readUInt16BE(at);
    at += 2;
    const [address, number, name, value] = [field(), field(), field(), field()];
    if (address === undefined || number === undefined || name === undefined || value === undefined) return;
    yield { family, address: address.toString(), number: number.toString(), name: name.toString(), value };
  }
}
