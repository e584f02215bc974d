import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolConfiguration } from '../config/schema';
import type { ProblemReporter } from '../shared/problems';
import { SpoolError } from './errors';

const MEGABYTE = 1024 * 1024;

export interface SpoolUsage {
  /** Bytes the spool takes, recordings in progress included. */
  readonly usedBytes: number;
  readonly limitBytes: number;
  /** What the disk has left for this user. */
  readonly freeBytes: number;
}

/**
 * The disk floor and the spool limit (config-and-cli.md, `spool.*`). INVARIANT: nothing unsent is ever dropped to make room; new
 * recordings are refused instead, and that is shown. A running recording ends before the floor is crossed; the limit lets it go on.
 */
export class SpoolSpace {
  readonly #directory: string;
  readonly #config: SpoolConfiguration;
  readonly #problems: ProblemReporter;
  #isFull = false;

  constructor(directory: string, config: SpoolConfiguration, problems: ProblemReporter) {
    this.#directory = directory;
    this.#config = config;
    this.#problems = problems;
  }

  async usage(): Promise<SpoolUsage> {
    const [usedBytes, freeBytes] = await Promise.all([folderSize(this.#directory), this.#free()]);
    return { usedBytes, freeBytes, limitBytes: this.#config.maxMegabytes * MEGABYTE };
  }

  /** Before a recording begins. Throws `SpoolError` `diskFloor` or `spoolFull`. */
  async demandForNew(): Promise<void> {
    await this.demandFloor();
    if (await this.hasRoom()) return;
    throw new SpoolError('spoolFull', `${this.#fullText} No new recording is started until some are uploaded.`);
  }

  /** Shows or clears the problem, too. */
  async hasRoom(): Promise<boolean> {
    const { usedBytes, limitBytes } = await this.usage();
    this.#isFull = usedBytes >= limitBytes;
    if (!this.#isFull) this.#problems.clear('spoolFull');
    else
      this.#problems.raise({
        code: 'spoolFull',
        text: this.#fullText,
        remedy: 'Let them be uploaded: check the connection to RWS, or raise spool.maxMegabytes.',
      });
    return !this.#isFull;
  }

  /** Something was removed: what is shown as full may be so no more. */
  async lookAgain(): Promise<void> {
    if (this.#isFull) await this.hasRoom();
  }

  get #fullText(): string {
    return `Recordings that wait to be uploaded fill the ${this.#config.maxMegabytes} MB kept for them.`;
  }

  /**
   * Before anything is written. Throws `SpoolError` `diskFloor`.
   * @param needed bytes that will be taken above the floor: what is to be written, and what finishing it takes
   */
  async demandFloor(needed = 0): Promise<void> {
    const free = await this.#free();
    const floor = this.#config.minFreeMegabytes * MEGABYTE;
    if (free >= floor + needed) {
      this.#problems.clear('diskFloor');
      return;
    }
    const forFinishing = free < floor ? '' : `, and ${Math.ceil(needed / MEGABYTE)} MB are needed to finish the recording`;
    throw this.raiseFloor(
      `Only ${Math.floor(free / MEGABYTE)} MB are free on the disk; ${this.#config.minFreeMegabytes} MB must stay free${forFinishing}.`,
    );
  }

  /** Shows the problem and gives the error that says so. */
  raiseFloor(text: string, cause?: unknown): SpoolError {
    this.#problems.raise({
      code: 'diskFloor',
      text,
      remedy: 'Free disk space, or lower spool.minFreeMegabytes. Recording goes on by itself.',
    });
    return new SpoolError('diskFloor', `${text} Nothing is recorded until there is more room.`, cause);
  }

  async #free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#directory);
    return bavail * bsize;
  }
}

async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  let total = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    total += await stat(join(entry.parentPath, entry.name)).then(
      ({ size }) => size,
      () => 0, // Removed meanwhile.
    );
  }
  return total;
}
