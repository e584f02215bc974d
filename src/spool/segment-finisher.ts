import { stat, rm } from 'node:fs/promises';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { describeError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import { fromRwsTime, toRwsTime } from '../shared/rws-time';
import { SpoolError } from './errors';
import type { FinishedMedia } from './finish-media';
import type { JournalFile } from './journal-file';
import type { MediaFinisher } from './media-finisher';
import type { JobStore, SpoolJob, SpoolKeyVault } from './ports';
import { unwrapRecordingKey } from './recording-key';
import type { Journal, JournalSegment } from './schemas';
import type { SpoolPaths } from './spool-paths';
import { toJob } from './upload-metadata';

/** A disk that is full keeps the end out of the journal too. */
const BROKEN_OFF = 'The program ended, or the disk took no more';

export interface SegmentFinisherDeps {
  readonly paths: SpoolPaths;
  readonly vault: SpoolKeyVault;
  readonly jobs: JobStore;
  readonly finishMedia: MediaFinisher;
  readonly clock: Clock;
  readonly log: Logger;
  readonly problems: ProblemReporter;
  readonly clientVersion: string;
  readonly onJob: (job: SpoolJob) => void;
}

/**
 * Makes a job of a segment whose slices are complete. INVARIANT, in this order: media durable, sidecar durable, slices and journal
 * entry removed; so that a kill anywhere leaves the slices or the job, and a second run makes the same job under the same media id.
 */
export class SegmentFinisher {
  readonly #deps: SegmentFinisherDeps;

  constructor(deps: SegmentFinisherDeps) {
    this.#deps = deps;
  }

  /** @returns whether there was anything to save. Throws `SpoolError` when the disk refuses; the slices stay for another try. */
  async finish(journal: JournalFile, segment: JournalSegment): Promise<boolean> {
    const { paths, log } = this.#deps;
    const { mediaId } = segment;
    const { recordingId } = journal.value.start;
    const media = await this.#makeMedia(journal, segment);
    if (media === undefined) {
      log.warn('a segment holds no video: nothing to upload', { recordingId, mediaId });
      await this.#forget(journal, mediaId);
      return false;
    }
    this.#tell(media, recordingId, mediaId);
    const stopTime = segment.stopTime ?? (await this.#lastSign(paths.slices(journal.folder, mediaId), segment, media));
    const { clock, clientVersion, jobs } = this.#deps;
    const events = isBrokenOff(journal.value, segment) ? [{ time: stopTime, event: 'gap', reason: BROKEN_OFF } as const] : [];
    const whole = { ...journal.value, events: [...journal.value.events, ...events] };
    const job = toJob({ journal: whole, segment, media, stopTime, clientVersion, now: clock.now() });
    await guarded(() => jobs.save(job));
    await this.#forget(journal, mediaId);
    log.info('recording ready for upload', { recordingId, mediaId, bytes: media.size, durationMs: media.durationMs });
    this.#deps.onJob(job);
    return true;
  }

  /** Tells of a job whose sidecar is on disk already. Telling twice of one does no harm. */
  async announce(mediaId: string): Promise<void> {
    const job = (await this.#deps.jobs.list()).find((candidate) => candidate.mediaId === mediaId);
    if (job !== undefined) this.#deps.onJob(job);
  }

  /** Removes slices and journal entry of a segment that has become a job, or never held anything. */
  async #forget(journal: JournalFile, mediaId: string): Promise<void> {
    await journal.removeSegment(mediaId);
    await rm(this.#deps.paths.slices(journal.folder, mediaId), { force: true });
  }

  async #makeMedia(journal: JournalFile, segment: JournalSegment): Promise<FinishedMedia | undefined> {
    const { paths, vault, finishMedia } = this.#deps;
    const { wrappedKey } = journal.value;
    const key = await unwrapRecordingKey(vault, wrappedKey);
    return guarded(() =>
      finishMedia({
        mediaId: segment.mediaId,
        slicesPath: paths.slices(journal.folder, segment.mediaId),
        mediaPath: paths.media(segment.mediaId),
        key,
        wrappedKey,
        mimeType: segment.start.mimeType,
        mode: 'remux',
      }),
    );
  }

  #tell(media: FinishedMedia, recordingId: string, mediaId: string): void {
    const { log, problems } = this.#deps;
    if (media.droppedBytes > 0) log.warn('a torn slice was dropped', { recordingId, mediaId, bytes: media.droppedBytes });
    if (media.remuxFailure === undefined) return;
    log.error('a recording could not be made an MP4: kept as it is', { recordingId, mediaId, reason: media.remuxFailure });
    problems.raise({
      code: 'remuxFailed',
      text: 'A recording could not be converted to MP4; it is uploaded in the form it was recorded in.',
      remedy: 'The recording is not lost. Send a support bundle to your administrator.',
    });
  }

  /** When a killed recording was last alive: by its video, else by its file. */
  async #lastSign(path: string, segment: JournalSegment, media: FinishedMedia): Promise<string> {
    const startMs = fromRwsTime(segment.start.startTime);
    if (startMs !== undefined && media.durationMs !== undefined) return toRwsTime(startMs + media.durationMs);
    return toRwsTime((await stat(path)).mtimeMs);
  }
}

/** It was being filmed when the journal was last written, and nobody said that it ended. During a pause the film lacks nothing. */
function isBrokenOff({ segments, events, stopTime }: Journal, segment: JournalSegment): boolean {
  if (stopTime !== undefined || segment.stopTime !== undefined || segments.at(-1)?.mediaId !== segment.mediaId) return false;
  return events.findLast(({ event }) => event === 'paused' || event === 'resumed')?.event !== 'paused';
}

async function guarded<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (error instanceof SpoolError) throw error;
    throw new SpoolError('io', `A recording could not be finished on disk: ${describeError(error)} It is kept and tried again.`, error);
  }
}
