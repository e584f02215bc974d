import { isDiskFull } from '../../lib/disk-full';
import { Serial } from '../../lib/serial';
import type { RecordingStore, RecordingWriter } from '../../recorder/ports';
import { StoreError } from '../../recorder/store-error';
import { describeError } from '../../shared/errors';
import type { LogMessage } from '../../shared/log-events/catalogue';
import { plainReason } from '../../shared/plain-reason';
import type { RecordingStart } from '../../shared/recording';
import { isDiskError, isThere } from '../disk-errors';
import { FileRecordingWriter, type FileRecordingWriterDeps } from './file-recording-writer';
import { JournalFile } from './journal-file';
import type { RefusedRecordings, SpoolKeyVault } from '../ports';
import { createRecordingKey } from '../sealed/recording-key';
import type { JournalSegment } from '../schemas';
import { createSealer } from '../sealed/sealer';
import type { SliceWriter } from '../sealed/slice-writer';

export interface FileRecordingStoreDeps extends FileRecordingWriterDeps {
  readonly vault: SpoolKeyVault;
  readonly encrypt: boolean;
  /** Makes the spool's folders, if they are not there yet. */
  readonly open: () => Promise<void>;
  /** A recording that cannot be read went into `damaged/`. */
  readonly onPutAside: () => void;
  /** The disk refuses one more recording, or one less: `FileRecordingStore.refused`. */
  readonly onRefused: () => void;
  /** The program ended in the middle of this recording, and nothing of it is left that could say so. */
  readonly onBrokenOff: (start: RecordingStart) => void;
}

/** `RecordingStore` on disk. See src/spool/README.md for what is written when. */
export class FileRecordingStore implements RecordingStore {
  readonly #deps: FileRecordingStoreDeps;
  /** Folders this process records into, with their recording ids; `recover` leaves them alone. */
  readonly #open = new Map<string, string>();

  /** Folders this process recorded into to the end: their last report was given. */
  readonly #ended = new Set<string>();
  readonly #openSlices = new Set<SliceWriter>();
  readonly #recoveries = new Serial();
  #hasUnfinished = false;
  /** Why the disk does not let folders be finished; a full disk and a missing key are problems of their own. */
  readonly #refused = new Map<string, string>();
  #tellChanged: () => void = () => undefined;
  /** Resolves when a recording was closed, or recordings were recovered. */
  #changed: Promise<void> = Promise.resolve();

  constructor(deps: FileRecordingStoreDeps) {
    this.#deps = deps;
    this.#noteChange();
  }

  /** Closes files of recordings nobody finished; they are recovered at the next start. */
  async stop(): Promise<void> {
    for (const slices of this.#openSlices) await slices.close();
    this.#openSlices.clear();
  }

  async begin(start: RecordingStart): Promise<RecordingWriter> {
    const { paths, vault, encrypt, space, newId, open } = this.#deps;
    await space.demandForNew();
    const folder = newId();
    const onClosed = this.#opened(folder, start.recordingId);
    try {
      await open();
      const { key, wrapped } = await createRecordingKey(vault, encrypt);
      const journal = await JournalFile.create(paths, folder, start, wrapped);
      return new FileRecordingWriter(this.#deps, journal, createSealer(key), {
        onClosed,
        onUnfinished: () => (this.#hasUnfinished = true),
        openSlices: this.#openSlices,
      });
    } catch (error) {
      onClosed();
      throw space.failureOf(error, 'The recording could not be prepared on disk');
    }
  }

  /** Resolves when the recording is closed and all its segments are jobs, recovered ones included; at once when it has none left here. */
  async whenRecorded(recordingId: string): Promise<void> {
    for (;;) {
      const changed = this.#changed;
      if (!(await this.#hasSegments(recordingId))) return;
      await changed;
    }
  }

  async #hasSegments(recordingId: string): Promise<boolean> {
    if ([...this.#open.values()].includes(recordingId)) return true;
    const { paths } = this.#deps;
    for (const folder of await JournalFile.folders(paths).catch(() => [])) {
      const journal = await JournalFile.read(paths, folder).catch(() => undefined); // Whose it is cannot be known.
      if (journal?.value.start.recordingId === recordingId && journal.value.segments.length > 0) return true;
    }
    return false;
  }

  #opened(folder: string, recordingId: string): () => void {
    this.#open.set(folder, recordingId);
    return () => {
      this.#open.delete(folder);
      this.#ended.add(folder);
      this.#noteChange();
    };
  }

  #noteChange(): void {
    this.#tellChanged();
    this.#changed = new Promise((resolve) => (this.#tellChanged = resolve));
  }

  /** Did a segment or a recovery end without a job, for a reason that may pass (disk full, keychain locked)? */
  get hasUnfinished(): boolean {
    return this.#hasUnfinished;
  }

  /** What the disk does not let finish: how many recordings, and what it says of the first. */
  get refused(): RefusedRecordings | undefined {
    const [reason] = this.#refused.values();
    return reason === undefined ? undefined : { count: this.#refused.size, reason };
  }

  /** Before the queue begins: slices of what is a job already go, so that they are not made a job again after its upload. */
  async tidy(): Promise<void> {
    const { paths, log } = this.#deps;
    for (const folder of await JournalFile.folders(paths)) {
      const journal = await JournalFile.read(paths, folder).catch(() => undefined); // `recover` tells of it.
      if (journal === undefined) continue;
      await this.#forgetJobs(journal).catch((error: unknown) =>
        log.warn('a journal entry could not be brought up to date', { folder, reason: describeError(error) }),
      );
    }
  }

  async #forgetJobs(journal: JournalFile): Promise<void> {
    for (const segment of journal.value.segments) {
      if (await isThere(this.#deps.paths.sidecar(segment.mediaId))) await this.#deps.jobMaker.leave(journal, segment, true);
    }
  }

  recover(): Promise<number> {
    return this.#recoveries.run(() => this.#recoverAll());
  }

  async #recoverAll(): Promise<number> {
    this.#hasUnfinished = false;
    let saved = 0;
    for (const folder of await JournalFile.folders(this.#deps.paths)) {
      if (!this.#open.has(folder)) saved += await this.#recoverFolder(folder);
    }
    this.#noteChange();
    return saved;
  }

  async #recoverFolder(folder: string): Promise<number> {
    const { log } = this.#deps;
    try {
      const journal = await this.#readJournal(folder);
      if (journal === undefined) return this.#noteFinished(folder, 0);
      const saved = await this.#recoverSegments(journal);
      if (await journal.hasUnknownSlices()) await this.#putAside(folder, 'video that its journal entry does not name was put aside');
      else await this.#end(journal, saved);
      if (saved > 0) log.info('an interrupted recording was saved', { recordingId: journal.value.start.recordingId, segments: saved });
      return this.#noteFinished(folder, saved);
    } catch (error) {
      this.#hasUnfinished = true;
      this.#noteRefused(folder, error);
      log.error('an interrupted recording could not be finished: kept for another try', { folder, reason: describeError(error) });
      return 0;
    }
  }

  #noteFinished(folder: string, saved: number): number {
    if (this.#refused.delete(folder)) this.#deps.onRefused();
    return saved;
  }

  #noteRefused(folder: string, error: unknown): void {
    const cause = error instanceof StoreError ? (error.cause ?? error) : error;
    if (!isDiskError(cause) || isDiskFull(cause) || this.#refused.has(folder)) return;
    this.#refused.set(folder, plainReason(cause));
    this.#deps.onRefused();
  }

  async #end(journal: JournalFile, saved: number): Promise<void> {
    const { start, stopTime, hasJob = false } = journal.value;
    await journal.remove();
    // One that was closed without a job may have lost its last report with the program: told twice is better than never.
    const isTold = this.#ended.has(journal.folder) || (stopTime !== undefined && hasJob);
    if (!isTold && saved === 0) this.#deps.onBrokenOff(start);
  }

  async #recoverSegments(journal: JournalFile): Promise<number> {
    const { paths, jobMaker } = this.#deps;
    let saved = 0;
    for (const segment of journal.value.segments) {
      const { mediaId } = segment;
      if (await isThere(paths.sidecar(mediaId))) {
        // Saved, but what came after failed: nobody has heard of it yet.
        await jobMaker.leave(journal, segment, true);
        await jobMaker.announce(mediaId);
      } else if (await isThere(paths.slices(journal.folder, mediaId))) {
        if ((await jobMaker.finish(journal, segment)) === 'saved') saved += 1;
      } else if (isGone(segment)) await jobMaker.noteGone(journal, segment);
      else await jobMaker.leave(journal, segment);
    }
    return saved;
  }

  async #readJournal(folder: string): Promise<JournalFile | undefined> {
    const { paths } = this.#deps;
    try {
      const journal = await JournalFile.read(paths, folder);
      if (journal !== undefined) return journal;
      if (await JournalFile.removeUnbegun(paths, folder)) return undefined;
      await this.#putAside(folder, 'a recording folder without journal entry was put aside');
    } catch (error) {
      if (isDiskError(error)) throw error; // The disk does not give it now: it stays where it is.
      await this.#putAside(folder, 'a journal entry cannot be read: its recording was put aside', { reason: describeError(error) });
    }
    return undefined;
  }

  async #putAside(folder: string, message: LogMessage<'error'>, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    await JournalFile.putAside(this.#deps.paths, folder);
    this.#deps.log.error(message, { folder, ...fields });
    this.#deps.onPutAside();
  }
}

/** A kill may come before the file is made. Once slices were counted, or found damaged, there was one. */
function isGone({ slices = 0, isDamaged = false }: JournalSegment): boolean {
  return slices > 0 && !isDamaged;
}
