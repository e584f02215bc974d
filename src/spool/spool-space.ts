import { randomUUID } from 'node:crypto';
import { readdir, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SpoolConfiguration } from '../config/schema';
import { isDiskFull } from '../lib/disk-full';
import { errnoOf } from '../lib/errno-of';
import { removeFile } from '../lib/held-files';
import { plainReason } from '../shared/plain-reason';
import { describeRaised, type ProblemFacts, type RaisedProblem } from '../shared/problem-catalogue';
import type { ProblemReporter } from '../shared/problems';
import { noneIfMissing } from './disk-errors';
import { StoreError } from '../recorder/store-error';

const MEGABYTE = 1024 * 1024;
/** More than a file system has room for beside its files. */
const PROBE_BYTES = 64 * 1024;

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
  /** The disk has refused a write: what it says of its room is not all there is to it (a quota, no more files). */
  #hasRefused = true;

  constructor(directory: string, config: SpoolConfiguration, problems: ProblemReporter) {
    this.#directory = directory;
    this.#config = config;
    this.#problems = problems;
  }

  async usage(): Promise<SpoolUsage> {
    const [usedBytes, freeBytes] = await Promise.all([folderSize(this.#directory), this.#free()]);
    return { usedBytes, freeBytes, limitBytes: this.#config.maxMegabytes * MEGABYTE };
  }

  /** Before a recording begins. Throws `StoreError` `diskFloor` or `spoolFull`. */
  async demandForNew(): Promise<void> {
    await this.demandFloor();
    if (await this.hasRoom()) return;
    throw noRoom({ code: 'spoolFull', facts: this.#full }, 'No new recording is started until some are uploaded.');
  }

  /** Shows or clears the problem, too. */
  async hasRoom(): Promise<boolean> {
    const { usedBytes, limitBytes } = await this.usage();
    this.#isFull = usedBytes >= limitBytes;
    if (!this.#isFull) this.#problems.clear('spoolFull');
    else this.#problems.raise('spoolFull', this.#full);
    return !this.#isFull;
  }

  /** Something was removed: what is shown as full may be so no more. */
  async lookAgain(): Promise<void> {
    if (this.#isFull) await this.hasRoom();
  }

  get #full(): ProblemFacts<'spoolFull'> {
    return { maxMegabytes: this.#config.maxMegabytes };
  }

  /**
   * Before anything is written. Throws `StoreError` `diskFloor`.
   * @param needed bytes that will be taken above the floor: what is to be written, and what finishing it takes
   */
  async demandFloor(needed = 0): Promise<void> {
    const free = await this.#free();
    const floor = this.#config.minFreeMegabytes * MEGABYTE;
    if (free >= floor + needed) {
      if (this.#hasRefused) await this.#demandWritable();
      this.#problems.clear('diskFloor');
      return;
    }
    throw this.raiseFloor({
      freeMegabytes: Math.floor(free / MEGABYTE),
      floorMegabytes: this.#config.minFreeMegabytes,
      ...(free < floor ? {} : { finishingMegabytes: Math.ceil(needed / MEGABYTE) }),
    });
  }

  /** Shows or clears the problem, without a recording to be written. */
  async look(): Promise<void> {
    await this.demandFloor().catch((error: unknown) => {
      if (!(error instanceof StoreError)) throw error;
    });
  }

  /** The error that says why something could not be written; shows the problem when there was no room for it. */
  failureOf(error: unknown, what: string): StoreError {
    const isFull = isDiskFull(error) || (error instanceof StoreError && isDiskFull(error.cause));
    if (isFull) return this.raiseFloor('full', error);
    return error instanceof StoreError ? error : new StoreError('io', `${what}: ${plainReason(error)}`, error);
  }

  /** Shows the problem and gives the error that says so. */
  raiseFloor(facts: ProblemFacts<'diskFloor'>, cause?: unknown): StoreError {
    this.#hasRefused ||= cause !== undefined;
    this.#problems.raise('diskFloor', facts);
    return noRoom({ code: 'diskFloor', facts }, 'Nothing is recorded until there is more room.', cause);
  }

  async #demandWritable(): Promise<void> {
    const probe = join(this.#directory, `${randomUUID()}.tmp`);
    try {
      await writeFile(probe, Buffer.alloc(PROBE_BYTES), { mode: 0o600, flush: true });
      this.#hasRefused = false;
    } catch (error) {
      // Whatever else is wrong is told when it matters.
      if (isDiskFull(error)) throw this.raiseFloor('full', error);
    } finally {
      await removeFile(probe);
    }
  }

  /** Of the disk, also while the spool's folder is not there. */
  async #free(folder = this.#directory): Promise<number> {
    try {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || folder === dirname(folder)) throw error;
      return this.#free(dirname(folder));
    }
  }
}

function noRoom(problem: Extract<RaisedProblem, { code: 'diskFloor' | 'spoolFull' }>, consequence: string, cause?: unknown): StoreError {
  return new StoreError(problem.code, `${describeRaised(problem).text} ${consequence}`, cause, problem);
}

async function folderSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(noneIfMissing);
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
