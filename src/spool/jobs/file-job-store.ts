import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { isDiskFull } from '../../lib/disk-full';
import { errnoOf } from '../../lib/errno-of';
import { openFile, removeFile, replaceFile } from '../../lib/held-files';
import { readJsonFile, writeJsonFile } from '../../lib/json-file';
import type { Logger } from '../../lib/logger';
import { describeError } from '../../shared/errors';
import { withChecksum } from '../checksum';
import { isDiskError, noneIfMissing } from '../disk-errors';
import { StoreError } from '../../recorder/store-error';
import { readMedia, readMediaHead } from '../sealed/media-file';
import type { JobStore, RefusedRecordings, SpoolJob, SpoolKeyVault } from '../ports';
import { unwrapRecordingKey } from '../sealed/recording-key';
import { jobSchema } from '../schemas';
import { createSealer } from '../sealed/sealer';
import type { SpoolPaths } from '../spool-paths';

export interface FileJobStoreDeps {
  readonly paths: SpoolPaths;
  readonly vault: SpoolKeyVault;
  readonly log: Logger;
  /** Leave what cannot be read where it is: for the command line, beside a service that may be at work on it. */
  readonly isOnlooker?: boolean;
  /** There is one more that cannot be read. */
  readonly onDamaged?: () => void;
  /** There is more room. Never throws. */
  readonly onRemoved?: () => Promise<void>;
  /** See `FileRecordingStore`. */
  readonly whenRecorded?: (recordingId: string) => Promise<void>;
  readonly refused?: () => RefusedRecordings | undefined;
}

/** `JobStore` on disk: `<mediaId>.json` written atomically beside `<mediaId>.media`. A media file without sidecar is no job yet. */
export class FileJobStore implements JobStore {
  readonly #deps: FileJobStoreDeps;
  #damagedCount = 0;
  /** Media ids of jobs that are to go and whose files the disk kept. */
  readonly #unremoved = new Set<string>();
  /** Media ids of sidecars that the disk would not give: they stay where they are, and are tried again. */
  readonly #unread = new Set<string>();

  constructor(deps: FileJobStoreDeps) {
    this.#deps = deps;
  }

  get damagedCount(): number {
    return this.#damagedCount + this.#unread.size;
  }

  get refused(): RefusedRecordings | undefined {
    return this.#deps.refused?.();
  }

  /** Something was put aside in `damaged/`. */
  notePutAside(): void {
    this.#damagedCount += 1;
    this.#deps.onDamaged?.();
  }

  async whenRecorded(recordingId: string): Promise<void> {
    await this.#deps.whenRecorded?.(recordingId);
  }

  async list(): Promise<readonly SpoolJob[]> {
    const names = await readdir(this.#deps.paths.jobs).catch(noneIfMissing);
    const jobs: SpoolJob[] = [];
    for (const name of names.filter((candidate) => candidate.endsWith('.json'))) {
      const mediaId = basename(name, '.json');
      const job = this.#unremoved.has(mediaId) ? undefined : await this.#read(mediaId);
      if (job !== undefined) jobs.push(job);
    }
    const damaged = await readdir(this.#deps.paths.damaged).catch(noneIfMissing);
    this.#damagedCount = damaged.filter((name) => !name.endsWith('.media')).length;
    return jobs.sort((a, b) => a.createdAt - b.createdAt || a.mediaId.localeCompare(b.mediaId));
  }

  /** Of the jobs that `list` had to leave out, those that can be read by now. */
  async retryUnread(): Promise<readonly SpoolJob[]> {
    const jobs: SpoolJob[] = [];
    for (const mediaId of [...this.#unread]) {
      const job = await this.#read(mediaId);
      if (job !== undefined) jobs.push(job);
    }
    return jobs;
  }

  async save(job: SpoolJob): Promise<void> {
    await writeJsonFile(this.#deps.paths.sidecar(job.mediaId), withChecksum(job));
  }

  /** Says first that RWS has it, in one step; so that a kill in between neither uploads it again nor leaves its media behind. */
  async remove(mediaId: string): Promise<void> {
    this.#unremoved.add(mediaId);
    await this.#remove(mediaId);
    this.#unremoved.delete(mediaId);
    await this.#deps.onRemoved?.();
  }

  async #remove(mediaId: string): Promise<void> {
    const { paths } = this.#deps;
    await replaceFile(paths.sidecar(mediaId), paths.uploaded(mediaId)).catch(async (error: unknown) => {
      // No room even for another name: the sidecar goes first, so that it is not uploaded again.
      if (isDiskFull(error)) await removeFile(paths.sidecar(mediaId));
      else ignoreMissing(error);
    });
    await removeFile(paths.media(mediaId));
    await removeFile(paths.uploaded(mediaId));
  }

  /** Ends removals that an earlier process could not, and clears away files it was just about to write. */
  async tidy(): Promise<void> {
    const { paths } = this.#deps;
    for (const name of await readdir(paths.jobs).catch(noneIfMissing)) {
      if (name.endsWith('.uploaded')) await this.#removeIfLet(basename(name, '.uploaded'));
      if (name.endsWith('.tmp')) await removeFile(join(paths.jobs, name)).catch((error: unknown) => this.#noteUntidied(name, error));
    }
  }

  /** Removals that the disk refused, once more. */
  async retryRemovals(): Promise<void> {
    for (const mediaId of [...this.#unremoved]) await this.#removeIfLet(mediaId);
  }

  async #removeIfLet(mediaId: string): Promise<void> {
    await this.remove(mediaId).catch((error: unknown) => this.#noteUntidied(mediaId, error));
  }

  /** A file that cannot be removed now keeps nothing from being recorded or uploaded. */
  #noteUntidied(file: string, error: unknown): void {
    this.#deps.log.warn('a file that is not needed any more could not be removed', { file, reason: describeError(error) });
  }

  openMedia(job: SpoolJob, offset = 0): Readable {
    return Readable.from(this.#clearBytes(job, offset), { objectMode: false });
  }

  async *#clearBytes(job: SpoolJob, offset: number): AsyncGenerator<Buffer> {
    const file = await openFile(this.#deps.paths.media(job.mediaId), 'r').catch((error: unknown) => {
      if (errnoOf(error) !== 'ENOENT') throw unreadable(error);
      throw new StoreError('damaged', 'A recording’s media file is gone: it was removed from this computer.', error);
    });
    try {
      const opened = await readMediaHead(file, job.size);
      const sealer = createSealer(await unwrapRecordingKey(this.#deps.vault, opened.head.wrappedKey));
      yield* readMedia(file, opened, sealer, { from: offset, to: job.size });
    } catch (error) {
      throw isDiskError(error) ? unreadable(error) : error;
    } finally {
      await file.close();
    }
  }

  async #read(mediaId: string): Promise<SpoolJob | undefined> {
    try {
      const job = await readJsonFile(this.#deps.paths.sidecar(mediaId), jobSchema);
      if (job !== undefined && job.mediaId !== mediaId) throw new Error('it names another media file');
      this.#unread.delete(mediaId);
      return job;
    } catch (error) {
      if (isDiskError(error)) this.#leave(mediaId, error);
      else {
        this.#unread.delete(mediaId);
        if (this.#deps.isOnlooker !== true) await this.#putAside(mediaId, error);
      }
      return undefined;
    }
  }

  /** A file in use, or a disk that hiccups, says nothing about the recording. Told once. */
  #leave(mediaId: string, error: unknown): void {
    if (this.#unread.has(mediaId)) return;
    this.#unread.add(mediaId);
    this.#deps.onDamaged?.();
    this.#deps.log.error('a recording’s sidecar could not be read now: left there and tried again', {
      mediaId,
      reason: describeError(error),
    });
  }

  async #putAside(mediaId: string, error: unknown): Promise<void> {
    const { paths, log } = this.#deps;
    log.error('a recording’s sidecar cannot be read: put aside', { mediaId, reason: describeError(error) });
    for (const path of [paths.media(mediaId), paths.sidecar(mediaId)]) {
      await replaceFile(path, join(paths.damaged, basename(path))).catch((failure: unknown) => {
        log.warn('a damaged file could not be put aside', { mediaId, reason: describeError(failure) });
      });
    }
    this.notePutAside();
  }
}

/** Says nothing of what the file holds: it is tried again. */
function unreadable(error: unknown): StoreError {
  const code = errnoOf(error) ?? '';
  return new StoreError('io', `A recording’s media file cannot be read now (${code}): the disk refused, or it is in use.`, error);
}

function ignoreMissing(error: unknown): void {
  if (errnoOf(error) !== 'ENOENT') throw error;
}
