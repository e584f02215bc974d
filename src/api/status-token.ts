import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileAtomically } from '../lib/json-file';
import { Secret } from '../lib/secret';

/** What `GET /status` asks for: new at every start, in a file only its owner can read. */
export function createStatusToken(): Secret {
  return new Secret(randomBytes(32).toString('base64url'));
}

export async function publishStatusToken(file: string, token: Secret): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFileAtomically(file, `${token.reveal()}\n`);
}

export async function withdrawStatusToken(file: string): Promise<void> {
  await rm(file, { force: true });
}
