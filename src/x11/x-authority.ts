import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const COOKIE = 'MIT-MAGIC-COOKIE-1';

export interface XAuthorization {
  readonly name: string;
  readonly value: Buffer;
}

/** The cookie of one local display out of the user's authority file; empty when there is none, as on an open server. */
export async function readXAuthorization(displayNumber: string, env: NodeJS.ProcessEnv = process.env): Promise<XAuthorization> {
  const none = { name: '', value: Buffer.alloc(0) };
  const content = await readFile(env['XAUTHORITY'] ?? join(homedir(), '.Xauthority')).catch(() => undefined); // no file: nothing to show
  if (content === undefined) return none;
  for (const [number, name, value] of entries(content)) {
    const isForDisplay = number.length === 0 || number.toString() === displayNumber;
    if (isForDisplay && name.toString() === COOKIE) return { name: COOKIE, value };
  }
  return none;
}

/** Each entry: family (2 bytes), then address, display number, name and value, each with its length (2 bytes, big-endian) in front. */
function* entries(content: Buffer): Generator<readonly [number: Buffer, name: Buffer, value: Buffer]> {
  let at = 0;
  const field = (): Buffer => {
    const length = content.readUInt16BE(at);
    const bytes = content.subarray(at + 2, at + 2 + length);
    at += 2 + length;
    return bytes;
  };
  while (at + 10 <= content.length) {
    at += 2;
    field();
    yield [field(), field(), field()];
  }
}
