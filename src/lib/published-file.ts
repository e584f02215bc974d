import { randomUUID } from 'node:crypto';
import { mkdtemp, rmdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { isDiskFull } from './disk-full';
import { removeFile, removeFolder, replaceFile } from './held-files';
import { writeFileAtomically } from './json-file';
import { makeFolder } from './make-folder';

/**
 * A small file that other programs of this user read while this one runs. Where its disk is full it lies in a folder of its own among the temporary
 * files, and a link, which takes no room, in its place; so that one can still ask the service what is wrong. Owner-only.
 */
export class PublishedFile {
  readonly #path: string;
  readonly #env: NodeJS.ProcessEnv;
  /** Made by this process, with a name that nobody can foresee. */
  #elsewhere: string | undefined;

  constructor(path: string, env: NodeJS.ProcessEnv = process.env) {
    this.#path = path;
    this.#env = env;
  }

  async write(content: string): Promise<void> {
    try {
      await makeFolder(dirname(this.#path));
      await writeFileAtomically(this.#path, content);
    } catch (error) {
      // Where that cannot be done either, what happened first is the reason.
      if (!isDiskFull(error) || !(await this.#writeElsewhere(content))) throw error;
    }
  }

  async withdraw(): Promise<void> {
    await removeFile(this.#path);
    if (this.#elsewhere === undefined) return;
    await removeFile(join(this.#elsewhere, basename(this.#path)));
    await rmdir(this.#elsewhere);
    this.#elsewhere = undefined;
  }

  async #writeElsewhere(content: string): Promise<boolean> {
    for (const base of [this.#env['XDG_RUNTIME_DIR'], tmpdir()]) {
      if (base === undefined || !isAbsolute(base)) continue;
      try {
        this.#elsewhere ??= await mkdtemp(join(base, 'srs-'));
        await this.#link(this.#elsewhere, content);
        return true;
      } catch {
        await this.#forgetElsewhere(); // full too, or not to be written
      }
    }
    return false;
  }

  async #link(folder: string, content: string): Promise<void> {
    const file = join(folder, basename(this.#path));
    await writeFileAtomically(file, content);
    const link = `${this.#path}.${randomUUID()}.tmp`;
    await symlink(file, link);
    await replaceFile(link, this.#path);
  }

  async #forgetElsewhere(): Promise<void> {
    const folder = this.#elsewhere;
    this.#elsewhere = undefined;
    if (folder !== undefined) await removeFolder(folder).catch(() => undefined); // the system clears it away
  }
}
