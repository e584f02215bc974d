import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '../lib/json-file';
import { makeFolder } from '../lib/make-folder';
import type { Issued } from './issue';
import { omitUndefined } from '../shared/omit-undefined';
import { errnoOf } from '../lib/errno-of';

export interface OwnCertificate {
  readonly authority: X509Certificate;
  readonly server: Issued;
}

/** The folder `certificate` of the data directory: `ca.pem`, and `server.pem` with key and certificate in one, so that the two always match. Owner-only. */
export class OwnCertificateFiles {
  readonly authorityFile: string;
  readonly #serverFile: string;
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.authorityFile = join(directory, 'ca.pem');
    this.#serverFile = join(directory, 'server.pem');
  }

  /** Each part as far as it is there and whole; what is not is made anew. */
  async read(): Promise<{ readonly authority?: X509Certificate; readonly server?: Issued }> {
    const authority = parse(await readText(this.authorityFile), (text) => new X509Certificate(text));
    const server = parse(await readText(this.#serverFile), (text) => ({
      certificate: new X509Certificate(text),
      key: createPrivateKey(text),
    }));
    return { ...omitUndefined({ authority, server }) };
  }

  async writeAuthority(authority: X509Certificate): Promise<void> {
    await this.#write(this.authorityFile, authority.toString());
  }

  async writeServer({ certificate, key }: Issued): Promise<void> {
    await this.#write(this.#serverFile, `${certificate.toString()}${keyToPem(key)}`);
  }

  async #write(path: string, text: string): Promise<void> {
    await makeFolder(this.#directory);
    await writeFileAtomically(path, text);
  }
}

export function keyToPem(key: KeyObject): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' }));
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parse<T>(text: string | undefined, read: (text: string) => T): T | undefined {
  if (text === undefined) return undefined;
  try {
    return read(text);
  } catch {
    return undefined; // damaged: as good as not there
  }
}
