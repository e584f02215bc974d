import { mkdtemp, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../lib/make-folder';

/**
 * Profile folders for the browsers of one process, each of its own, in a folder that is this process's alone: below the data directory, which it has
 * locked. What a kill left behind there is removed before the first one; nothing outside is ever looked for.
 */
export class BrowserProfiles {
  readonly #directory: string;
  #cleared: Promise<void> | undefined;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async create(): Promise<string> {
    await (this.#cleared ??= removeWhileWritten(this.#directory));
    await makeFolder(this.#directory);
    return mkdtemp(join(this.#directory, 'browser-'));
  }

  async remove(profile: string): Promise<void> {
    await removeWhileWritten(profile);
    await rmdir(this.#directory).catch(() => undefined); // there is another one in it
  }
}

/** The browser may still write while it ends. */
async function removeWhileWritten(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}
