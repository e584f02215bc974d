import type { Logger } from '../../lib/logger';
import type { RecordingWriter, SegmentWriter } from '../../recorder/ports';
import { describeError } from '../../shared/errors';
import type { RecordingEvent, SegmentStart } from '../../shared/recording';
import { StoreError } from '../../recorder/store-error';
import type { JournalFile } from './journal-file';
import type { Sealer } from '../sealed/sealer';
import type { SegmentJobMaker } from './segment-job-maker';
import { SliceWriter } from '../sealed/slice-writer';
import type { SpoolPaths } from '../spool-paths';
import type { SpoolSpace } from '../spool-space';

/** What finishing a segment takes besides a copy of it: the video's index (an hour at 5 frames/s: 0.4 MB), its sidecar, the journal. */
const BESIDE_MEDIA_BYTES = 1024 * 1024;

export interface FileRecordingWriterDeps {
  readonly paths: SpoolPaths;
  readonly space: SpoolSpace;
  readonly jobMaker: SegmentJobMaker;
  readonly log: Logger;
  /** Unique, and fit for a file name. */
  readonly newId: () => string;
}

/** What the store wants to know of its writers. */
export interface WriterHooks {
  readonly onClosed: () => void;
  readonly onUnfinished: () => void;
  readonly openSlices: Set<SliceWriter>;
}

export class FileRecordingWriter implements RecordingWriter {
  readonly #deps: FileRecordingWriterDeps;
  readonly #journal: JournalFile;
  readonly #sealer: Sealer;
  readonly #hooks: WriterHooks;
  #unfinished = 0;
  #isClosed = false;

  constructor(deps: FileRecordingWriterDeps, journal: JournalFile, sealer: Sealer, hooks: WriterHooks) {
    this.#deps = deps;
    this.#journal = journal;
    this.#sealer = sealer;
    this.#hooks = hooks;
  }

  async beginSegment(start: SegmentStart): Promise<SegmentWriter> {
    const { space, newId } = this.#deps;
    await space.demandFloor();
    const mediaId = newId();
    const slices = await this.#prepare(mediaId, start).catch((error: unknown) => {
      throw space.failureOf(error, 'The recording could not be prepared on disk');
    });
    this.#unfinished += 1;
    this.#hooks.openSlices.add(slices);
    return new FileSegmentWriter(this.#deps, this.#journal, slices, mediaId, () => this.#segmentDone(slices));
  }

  async #prepare(mediaId: string, start: SegmentStart): Promise<SliceWriter> {
    await this.#journal.addSegment(mediaId, start);
    const path = this.#deps.paths.slices(this.#journal.folder, mediaId);
    return SliceWriter.create(path, this.#sealer, mediaId, this.#journal.value.wrappedKey);
  }

  note(event: RecordingEvent): Promise<void> {
    return this.#journal.note(event);
  }

  async close(stopTime: string): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#journal.close(stopTime).catch((error: unknown) => noteUnwritten(this.#deps.log, error));
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
    try {
      if (this.#journal.value.segments.length === 0) await this.#journal.remove();
      else this.#hooks.onUnfinished();
    } catch (error) {
      this.#hooks.onUnfinished();
      throw error;
    } finally {
      this.#hooks.onClosed();
    }
  }
}

class FileSegmentWriter implements SegmentWriter {
  readonly #deps: FileRecordingWriterDeps;
  readonly #journal: JournalFile;
  readonly #slices: SliceWriter;
  readonly #mediaId: string;
  readonly #onDone: () => Promise<void>;
  #finishing: Promise<boolean> | undefined;

  constructor(deps: FileRecordingWriterDeps, journal: JournalFile, slices: SliceWriter, mediaId: string, onDone: () => Promise<void>) {
    this.#deps = deps;
    this.#journal = journal;
    this.#slices = slices;
    this.#mediaId = mediaId;
    this.#onDone = onDone;
  }

  async append(slice: Uint8Array): Promise<void> {
    if (slice.byteLength === 0) return;
    // Finishing copies the segment: a recording ends while there is still room for that.
    const written = this.#slices.append(slice, () => this.#deps.space.demandFloor(this.#roomFor(slice)));
    await written.catch((error: unknown) => {
      throw this.#deps.space.failureOf(error, 'The recording could not be written to disk');
    });
  }

  #roomFor(slice: Uint8Array): number {
    return this.#slices.size + 2 * slice.byteLength + BESIDE_MEDIA_BYTES;
  }

  finish(stopTime: string): Promise<boolean> {
    return (this.#finishing ??= this.#finish(stopTime));
  }

  async #finish(stopTime: string): Promise<boolean> {
    try {
      await this.#slices.close();
      const { count: slices } = this.#slices;
      await this.#journal.stopSegment(this.#mediaId, stopTime, slices).catch((error: unknown) => noteUnwritten(this.#deps.log, error));
      const segment = this.#journal.value.segments.find(({ mediaId }) => mediaId === this.#mediaId);
      // Not in the journal any more: it is a job.
      if (segment === undefined) return true;
      const finished = await this.#deps.jobMaker.finish(this.#journal, { ...segment, stopTime, slices });
      if (finished !== 'damaged') return finished === 'saved';
      throw new StoreError('damaged', 'The recording was damaged on the disk: nothing of it can be shown. What is left of it is kept.');
    } catch (error) {
      throw this.#deps.space.failureOf(error, 'The recording could not be finished on disk');
    } finally {
      await this.#onDone();
    }
  }
}

/** A full disk keeps the journal from saying when a recording ended; its video says so too, and is worth more. */
function noteUnwritten(log: Logger, error: unknown): void {
  log.warn('the journal entry could not be brought up to date', { reason: describeError(error) });
}
