import { stat } from 'node:fs/promises';
import type { Clock } from '../../lib/clock';
import type { Logger } from '../../lib/logger';
import { omitUndefined } from '../../shared/omit-undefined';
import { plainReason } from '../../shared/plain-reason';
import type { ProblemReporter } from '../../shared/problems';
import { fromRwsTime, toRwsTime } from '../../shared/rws-time';
import { StoreError } from '../../recorder/store-error';
import { damageEvents } from './damage-events';
import type { MediaFacts, MediaFileOutcome, SliceDamage } from '../media/make-media-file';
import type { JournalFile } from './journal-file';
import { leaveSegment } from './kept-slices';
import type { MakeMediaFile } from '../media/media-worker';
import type { JobStore, SpoolJob, SpoolKeyVault } from '../ports';
import { unwrapSegmentKey } from '../sealed/segment-key';
import type { Journal, JournalSegment } from '../schemas';
import type { SpoolPaths } from '../spool-paths';
import { toJob } from '../jobs/upload-metadata';

/** A disk that is full keeps the end out of the journal too. */
const BROKEN_OFF = 'The program ended, or the disk took no more';

export interface SegmentJobMakerDeps {
  readonly paths: SpoolPaths;
  readonly vault: SpoolKeyVault;
  readonly jobs: JobStore;
  readonly makeMediaFile: MakeMediaFile;
  readonly clock: Clock;
  readonly log: Logger;
  readonly problems: ProblemReporter;
  readonly clientVersion: string;
  readonly onJob: (job: SpoolJob) => void;
  /** Slices that do not all open went into `damaged/`. */
  readonly onPutAside: () => void;
}

/** `saved`: it is a job. `empty`: it held nothing. `damaged`: nothing of what it holds can be shown; it is kept in `damaged/`. */
export type SegmentOutcome = 'saved' | 'empty' | 'damaged';

/**
 * Makes a job of a segment whose slices are complete. INVARIANT, in this order: media durable, sidecar durable, slices and journal
 * entry removed; so that a kill anywhere leaves the slices or the job, and a second run makes the same job under the same media id.
 */
export class SegmentJobMaker {
  readonly #deps: SegmentJobMakerDeps;

  constructor(deps: SegmentJobMakerDeps) {
    this.#deps = deps;
  }

  /** Throws `StoreError` when the disk refuses; the slices stay for another try. */
  async finish(journal: JournalFile, segment: JournalSegment): Promise<SegmentOutcome> {
    const { mediaId } = segment;
    const { recordingId } = journal.value.start;
    const { media, damage, tornBytes } = await this.#makeMedia(journal, segment);
    if (tornBytes > 0) this.#deps.log.warn('a torn slice was dropped', { recordingId, mediaId, bytes: tornBytes });
    if (damage !== undefined) await this.#noteDamage(journal, segment, damage, media !== undefined);
    if (media === undefined) {
      if (damage === undefined) this.#deps.log.warn('a segment holds no video: nothing to upload', { recordingId, mediaId });
      await this.leave(journal, segment);
      return damage === undefined ? 'empty' : 'damaged';
    }
    if (media.remuxFailure !== undefined) this.#tellUnremuxed(recordingId, mediaId, media.remuxFailure);
    await this.#save(journal, segment, media, damage);
    return 'saved';
  }

  async #save(journal: JournalFile, segment: JournalSegment, media: MediaFacts, damage: SliceDamage | undefined): Promise<void> {
    const { paths, clock, clientVersion, jobs, log } = this.#deps;
    const { mediaId } = segment;
    const stopTime = segment.stopTime ?? (await this.#lastSign(paths.slices(journal.folder, mediaId), segment, media));
    const events = isBrokenOff(journal.value, segment) ? [{ time: stopTime, event: 'gap', reason: BROKEN_OFF } as const] : [];
    const whole = { ...journal.value, events: [...journal.value.events, ...events] };
    const startMs = damage?.startMs ?? 0;
    const job = toJob({ journal: whole, segment, media, startMs, stopTime, clientVersion, now: clock.now() });
    await guarded(() => jobs.save(job));
    await this.leave(journal, segment, true);
    const { recordingId } = job;
    log.info('recording ready for upload', { recordingId, mediaId, bytes: media.size, durationMs: media.durationMs });
    this.#deps.onJob(job);
  }

  async #noteDamage(journal: JournalFile, segment: JournalSegment, damage: SliceDamage, isShown: boolean): Promise<void> {
    const { mediaId } = segment;
    const { recordingId } = journal.value.start;
    this.#deps.log.error('a recording is damaged on the disk: its slices are kept', {
      recordingId,
      mediaId,
      lostSlices: damage.lostSlices,
      isShown,
    });
    await guarded(() => journal.noteDamage(mediaId, damageEvents(segment, damage)));
  }

  /** Slices that were there and are gone: nothing can be shown, and that is told. */
  async noteGone(journal: JournalFile, segment: JournalSegment): Promise<void> {
    await this.#noteDamage(journal, segment, { lostSlices: segment.slices ?? 1, gaps: [{ fromMs: 0 }], startMs: 0 }, false);
    await this.leave(journal, segment);
  }

  /** Tells of a job whose sidecar is on disk already. Telling twice of one does no harm. */
  async announce(mediaId: string): Promise<void> {
    const job = (await this.#deps.jobs.list()).find((candidate) => candidate.mediaId === mediaId);
    if (job !== undefined) this.#deps.onJob(job);
  }

  /** Ends a segment that is a job, or never will be one. */
  async leave(journal: JournalFile, segment: JournalSegment, isJob = false): Promise<void> {
    if (await guarded(() => leaveSegment(this.#deps.paths, journal, segment, isJob))) this.#deps.onPutAside();
  }

  async #makeMedia(journal: JournalFile, segment: JournalSegment): Promise<MediaFileOutcome> {
    const { paths, vault, makeMediaFile } = this.#deps;
    const slicesPath = paths.slices(journal.folder, segment.mediaId);
    return guarded(async () => {
      const { key, wrappedKey } = await unwrapSegmentKey(vault, journal.value.wrappedKey, slicesPath);
      return makeMediaFile({
        mediaId: segment.mediaId,
        slicesPath,
        mediaPath: paths.media(segment.mediaId),
        key,
        wrappedKey,
        mimeType: segment.start.mimeType,
        ...omitUndefined({ slices: segment.slices }),
        mode: 'remux',
      });
    });
  }

  #tellUnremuxed(recordingId: string, mediaId: string, reason: string): void {
    const { log, problems } = this.#deps;
    log.error('a recording could not be made an MP4: kept as it is', { recordingId, mediaId, reason });
    problems.raise('remuxFailed', {});
  }

  /** When a killed recording was last alive: by its video, else by its file. */
  async #lastSign(path: string, segment: JournalSegment, media: MediaFacts): Promise<string> {
    const startMs = fromRwsTime(segment.start.startTime);
    if (startMs !== undefined && media.durationMs !== undefined) return toRwsTime(startMs + media.durationMs);
    // The clock may have been set back meanwhile: nothing ends before it began.
    return toRwsTime(Math.max(startMs ?? 0, (await stat(path)).mtimeMs));
  }
}

/** It was being recorded when the journal was last written, and nobody said that it ended. During a pause the video lacks nothing. */
function isBrokenOff({ segments, events, stopTime }: Journal, segment: JournalSegment): boolean {
  if (stopTime !== undefined || segment.stopTime !== undefined || segments.at(-1)?.mediaId !== segment.mediaId) return false;
  return events.findLast(({ event }) => event === 'paused' || event === 'resumed')?.event !== 'paused';
}

async function guarded<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError('io', `A recording could not be finished on disk: ${plainReason(error)}. It is kept and tried again.`, error);
  }
}
