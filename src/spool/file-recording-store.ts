import { existsSync } from 'node:fs';
import type { Logger } from '../lib/logger';
import type { RecordingStore, RecordingWriter, SegmentWriter } from '../recorder/ports';
import type { RecordingEvent, RecordingStart, SegmentStart } from '../shared/recording';
import { describeError } from '../shared/errors';
import { Serial } from '../lib/serial';
import { SpoolError } from './errors';
import { JournalFile } from './journal-file';
import type { SpoolKeyVault } from './ports';
import { createRecordingKey } from './recording-key';
import { createSealer, type Sealer } from './sealer';
import type { SegmentFinisher } from './segment-finisher';
import { SliceWriter } from './slice-file';
import type { SpoolPaths } from './spool-paths';
import type { SpoolSpace } from './spool-space';

export interface FileRecordingStoreDeps {
  readonly paths: SpoolPaths;
  readonly vault: SpoolKeyVault;
  readonly encrypt: boolean;
  readonly space: SpoolSpace;
  readonly finisher: SegmentFinisher;
  readonly log: Logger;
  readonly newId: () => string;
}

/** `RecordingStore` on disk. See src/spool/README.md for what is written when. */
export class FileRecordingStore implements RecordingStore {
  readonly #deps: FileRecordingStoreDeps;
  /** Folders this process records into, with who waits for their end; `recover` leaves them alone. */
  readonly #open = new Map<string, { readonly recordingId: string; readonly closed: Promise<void> }>();

  readonly #openSlices = new Set<SliceWriter>();
  readonly #recoveries = new Serial();
  #hasUnfinished = false;

  constructor(deps: FileRecordingStoreDeps) {
    this.#deps = deps;
  }

  /** Closes files of recordings nobody finished; they are recovered at the next start. */
  async stop(): Promise<void> {
    for (const slices of this.#openSlices) await slices.close();
    this.#openSlices.clear();
  }

  async begin(start: RecordingStart): Promise<RecordingWriter> {
    const { paths, vault, encrypt, space, newId } = this.#deps;
    await space.demandForNew();
    const { key, wrapped } = await createRecordingKey(vault, encrypt);
    const folder = newId();
    const onClosed = this.#opened(folder, start.recordingId);
    try {
      const journal = await JournalFile.create(paths, folder, start, wrapped);
      return new FileRecordingWriter(this.#deps, journal, createSealer(key), {
        onClosed,
        onUnfinished: () => (this.#hasUnfinished = true),
        openSlices: this.#openSlices,
      });
    } catch (error) {
      onClosed();
      throw new SpoolError('io', `The recording could not be prepared on disk: ${describeError(error)}`, error);
    }
  }

  /** Resolves when the recording is closed and all its segments are jobs; at once when it is not in progress here. */
  async whenRecorded(recordingId: string): Promise<void> {
    await Promise.all([...this.#open.values()].filter((open) => open.recordingId === recordingId).map(({ closed }) => closed));
  }

  #opened(folder: string, recordingId: string): () => void {
    let resolve: () => void = () => undefined;
    const closed = new Promise<void>((done) => (resolve = done));
    this.#open.set(folder, { recordingId, closed });
    return () => {
      this.#open.delete(folder);
      resolve();
    };
  }

  /** Did a segment or a recovery end without a job, for a reason that may pass (disk full, keychain locked)? */
  get hasUnfinished(): boolean {
    return this.#hasUnfinished;
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
    return saved;
  }

  async #recoverFolder(folder: string): Promise<number> {
    const { log } = this.#deps;
    try {
      const journal = await this.#readJournal(folder);
      if (journal === undefined) return 0;
      const saved = await this.#recoverSegments(journal);
      await journal.remove();
      if (saved > 0) log.info('an interrupted recording was saved', { recordingId: journal.value.start.recordingId, segments: saved });
      return saved;
    } catch (error) {
      this.#hasUnfinished = true;
      log.error('an interrupted recording could not be finished: kept for another try', { folder, reason: describeError(error) });
      return 0;
    }
  }

  async #recoverSegments(journal: JournalFile): Promise<number> {
    const { paths, finisher } = this.#deps;
    let saved = 0;
    for (const segment of journal.value.segments) {
      const isJobAlready = existsSync(paths.sidecar(segment.mediaId));
      if (isJobAlready || !existsSync(paths.slices(journal.folder, segment.mediaId))) await journal.removeSegment(segment.mediaId);
      else if (await finisher.finish(journal, segment)) saved += 1;
    }
    return saved;
  }

  async #readJournal(folder: string): Promise<JournalFile | undefined> {
    const { paths, log } = this.#deps;
    try {
      const journal = await JournalFile.read(paths, folder);
      if (journal !== undefined) return journal;
      log.warn('a recording folder without journal entry was put aside', { folder });
    } catch (error) {
      log.error('a journal entry cannot be read: its recording was put aside', { folder, reason: describeError(error) });
    }
    await JournalFile.putAside(paths, folder);
    return undefined;
  }
}

interface WriterHooks {
  readonly onClosed: () => void;
  readonly onUnfinished: () => void;
  readonly openSlices: Set<SliceWriter>;
}

class FileRecordingWriter implements RecordingWriter {
  readonly #deps: FileRecordingStoreDeps;
  readonly #journal: JournalFile;
  readonly #sealer: Sealer;
  readonly #hooks: WriterHooks;
  #unfinished = 0;
  #isClosed = false;

  constructor(deps: FileRecordingStoreDeps, journal: JournalFile, sealer: Sealer, hooks: WriterHooks) {
    this.#deps = deps;
    this.#journal = journal;
    this.#sealer = sealer;
    this.#hooks = hooks;
  }

  async beginSegment(start: SegmentStart): Promise<SegmentWriter> {
    const { paths, space, newId } = this.#deps;
    await space.demandForNew();
    const mediaId = newId();
    await this.#journal.addSegment(mediaId, start);
    const slices = await SliceWriter.create(paths.slices(this.#journal.folder, mediaId), this.#sealer, mediaId);
    this.#unfinished += 1;
    this.#hooks.openSlices.add(slices);
    return new FileSegmentWriter(this.#deps, this.#journal, slices, mediaId, () => this.#segmentDone(slices));
  }

  note(event: RecordingEvent): Promise<void> {
    return this.#journal.note(event);
  }

  async close(stopTime: string): Promise<void> {
    if (this.#isClosed) return;
    await this.#journal.close(stopTime);
    this.#isClosed = true;
    await this.#settle();
  }

  async #segmentDone(slices: SliceWriter): Promise<void> {
    this.#hooks.openSlices.delete(slices);
    this.#unfinished -= 1;
    await this.#settle();
  }

  /** The entry goes when all is handed over; when a segment could not be finished it stays, and `recover` tries again. */
  async #settle(): Promise<void> {
    if (!this.#isClosed || this.#unfinished > 0) return;
    this.#hooks.onClosed();
    if (this.#journal.value.segments.length === 0) await this.#journal.remove();
    else this.#hooks.onUnfinished();
  }
}

class FileSegmentWriter implements SegmentWriter {
  readonly #deps: FileRecordingStoreDeps;
  readonly #journal: JournalFile;
  readonly #slices: SliceWriter;
  readonly #mediaId: string;
  readonly #onDone: () => Promise<void>;
  #finishing: Promise<void> | undefined;

  constructor(deps: FileRecordingStoreDeps, journal: JournalFile, slices: SliceWriter, mediaId: string, onDone: () => Promise<void>) {
    this.#deps = deps;
    this.#journal = journal;
    this.#slices = slices;
    this.#mediaId = mediaId;
    this.#onDone = onDone;
  }

  async append(slice: Uint8Array): Promise<void> {
    if (slice.byteLength === 0) return;
    const written = this.#slices.append(slice, () => this.#deps.space.demandFloor());
    await written.catch((error: unknown) => {
      if (error instanceof SpoolError) throw error;
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw this.#deps.space.raiseFloor('The disk is full.', error);
      throw new SpoolError('io', `The recording could not be written to disk: ${describeError(error)}`, error);
    });
  }

  finish(stopTime: string): Promise<void> {
    return (this.#finishing ??= this.#finish(stopTime));
  }

  async #finish(stopTime: string): Promise<void> {
    try {
      await this.#slices.close();
      await this.#journal.stopSegment(this.#mediaId, stopTime);
      const segment = this.#journal.value.segments.find(({ mediaId }) => mediaId === this.#mediaId);
      if (segment !== undefined) await this.#deps.finisher.finish(this.#journal, segment);
    } finally {
      await this.#onDone();
    }
  }
}
