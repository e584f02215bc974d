import type { UploadFailure } from './ports';
import type { SpoolConfiguration, UploadConfiguration } from '../config/schema';
import type { Random } from '../lib/backoff';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { NamedTimers } from '../lib/named-timers';
import { Serial } from '../lib/serial';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import { describeError } from '../shared/errors';
import { omitUndefined } from '../shared/omit-undefined';
import type { ProblemReporter } from '../shared/problems';
import type { UploadsState } from '../shared/snapshot';
import type { JobStore, SpoolJob } from '../spool/ports';
import { JobCarriers } from './job-carriers';
import type { JobOwner, UploadLogins } from './ports';
import { findStuckUploads } from './stuck-uploads';
import { StuckUploadsProblem, type StuckUploadsProblemDeps } from './stuck-uploads-problem';
import { UploadAttempts } from './upload-attempts';
import { isFree, stepUpload } from './upload-machine';
import { UploadReports } from './upload-reports';
import {
  initialUpload,
  type UploadBlocks,
  type UploadEffect,
  type UploadEvent,
  type UploadMachineState,
  type UploadSurroundings,
  type UploadTimer,
} from './upload-state';
import type { UploadNames } from './upload-names';
import { createUploader, type Uploader } from './uploader';
import { viewUploads } from './uploads-view';

export interface UploadQueueDeps {
  readonly jobs: JobStore;
  readonly logins: UploadLogins;
  readonly config: UploadConfiguration;
  /** 0 days = no limit */
  readonly retention: Pick<SpoolConfiguration, 'retentionDays'>;
  readonly rws: UploadNames;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly problems: ProblemReporter;
  /** Of silence on the wire while uploading; default 60 s. */
  readonly idleTimeoutMs?: number;
}

const DAY_MS = 86_400_000;
/** Views need not see every packet. */
const PROGRESS_EVERY_MS = 500;
/** Carries jobs to RWS, one at a time. */
export class UploadQueue {
  readonly #deps: UploadQueueDeps;
  readonly #uploader: Uploader;
  readonly #carriers: JobCarriers;
  readonly #reports: UploadReports;
  readonly #stuck: StuckUploadsProblem;
  readonly #timers: NamedTimers<UploadTimer>;
  readonly #changed: Emitter<UploadsState>;
  readonly #uploads: Emitter<SpoolJob>;
  readonly #failures: Emitter<{ readonly job: SpoolJob; readonly failure: UploadFailure }>;
  readonly #attempts: UploadAttempts;
  readonly #disk = new Serial();
  #state = initialUpload;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #lastProgress = 0;

  constructor(deps: UploadQueueDeps) {
    this.#deps = deps;
    const onListenerError = (error: unknown): void => deps.log.error('a listener for the upload queue failed', { error });
    this.#changed = new Emitter(onListenerError);
    this.#uploads = new Emitter(onListenerError);
    this.#failures = new Emitter(onListenerError);
    this.#timers = new NamedTimers(deps.clock, () => this.#look());
    this.#uploader = createUploader(deps);
    this.#carriers = new JobCarriers({ ...deps, uploader: this.#uploader });
    this.#attempts = new UploadAttempts({
      ...deps,
      uploader: this.#uploader,
      tusUrlOf: (mediaId) => this.#state.entries.find(({ job }) => job.mediaId === mediaId)?.job.tusUrl,
      onEvent: (event) => this.#step(event),
    });
    this.#reports = new UploadReports({
      ...deps,
      isQueued: (recordingId) => this.#state.entries.some(({ job }) => job.recordingId === recordingId),
    });
    this.#stuck = new StuckUploadsProblem({ ...deps, find: () => this.#findStuck() });
  }

  /** Reads the jobs on disk and begins. Memoised. */
  start(): Promise<void> {
    return (this.#starting ??= this.#start());
  }

  /** Breaks off what is on its way; it goes on at the next start. Memoised. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  /** A job whose sidecar is on disk. */
  add(job: SpoolJob): void {
    this.#step({ type: 'added', job });
  }

  /** Something that is shown here changed elsewhere, such as `jobs.damagedCount`. */
  lookAgain(): void {
    this.#look();
  }

  /**
   * Tries one job, or all, at once, quarantined ones included; on disk too when it resolves.
   * @returns how many there are of that media id, or in all
   */
  async retry(mediaId?: string): Promise<number> {
    const asked = this.#state.entries.filter(({ job }) => mediaId === undefined || job.mediaId === mediaId).length;
    if (asked === 0) return 0;
    this.#uploader.forgetRefusals();
    this.#step({ type: 'retryAsked', ...omitUndefined({ mediaId }) });
    await this.#disk.idle();
    return asked;
  }

  state(): UploadsState {
    return viewUploads(this.#state, this.#blocks(), this.#around());
  }

  onState(listener: (state: UploadsState) => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }

  /** RWS has this job. */
  onUploaded(listener: (job: SpoolJob) => void): Unsubscribe {
    return this.#uploads.subscribe(listener);
  }

  /** RWS does not take this job: it is kept, and not tried again by itself. */
  onFailed(listener: (job: SpoolJob, failure: UploadFailure) => void): Unsubscribe {
    return this.#failures.subscribe(({ job, failure }) => listener(job, failure));
  }

  /** The computer goes to sleep. */
  suspended(): void {
    this.#step({ type: 'suspended' });
  }

  resumed(): void {
    this.#uploader.forgetRefusals();
    this.#uploader.forgetLinks();
    this.#step({ type: 'resumed' });
  }

  /** Is there a recording of this agent that its login could still carry? */
  hasWorkFor(isTheirs: (owner: JobOwner) => boolean): boolean {
    return this.#state.entries.some(({ job }) => job.quarantine === undefined && isTheirs(job));
  }

  async #start(): Promise<void> {
    const jobs = await this.#deps.jobs.list();
    this.#unsubscribe = this.#deps.logins.onChange(() => {
      this.#uploader.forgetRefusals();
      this.#look();
    });
    if (jobs.length > 0) this.#deps.log.info('recordings wait to be uploaded', { count: jobs.length });
    this.#step({ type: 'started', jobs });
    this.#stuck.keepLooking();
  }

  async #stop(): Promise<void> {
    await this.#starting?.catch(() => undefined); // A failed start was told to its caller.
    this.#unsubscribe?.();
    this.#step({ type: 'stopped' });
    this.#timers.clearAll();
    this.#stuck.stop();
    await this.#attempts.ended();
    await this.#disk.idle();
  }

  #step(event: UploadEvent): void {
    const step = stepUpload(this.#state, event, this.#around());
    this.#follow(step.state, step.effects);
    if (event.type === 'progressed' && !this.#isProgressDue()) return;
    this.#show();
  }

  /** Nothing happened but what may be carried. */
  #look(): void {
    this.#follow(this.#state, []);
    this.#show();
  }

  /** The next upload is chosen before anybody hears what happened: they see the whole change. */
  #follow(state: UploadMachineState, effects: readonly UploadEffect[]): void {
    this.#state = state;
    const next = isFree(state) ? stepUpload(state, { type: 'looked', blocks: this.#blocks() }, this.#around()) : { state, effects: [] };
    this.#state = next.state;
    for (const effect of [...effects, ...next.effects]) this.#perform(effect);
  }

  #show(): void {
    this.#stuck.look();
    this.#changed.emit(this.state());
  }

  #findStuck(): ReturnType<StuckUploadsProblemDeps['find']> {
    if (this.#state.status === 'asleep') return 'unknown';
    return findStuckUploads(this.#state, {
      ...this.#around(),
      blocks: this.#blocks(),
      damaged: this.#deps.jobs.damagedCount,
      refused: this.#deps.jobs.refused,
      isRetired: (job) => this.#deps.logins.isRetired(job),
      troubleOf: (job) => this.#carriers.troubleOf(job),
    });
  }

  #isProgressDue(): boolean {
    const now = this.#deps.clock.steady();
    if (now - this.#lastProgress < PROGRESS_EVERY_MS) return false;
    this.#lastProgress = now;
    return true;
  }

  #around(): UploadSurroundings {
    const { clock, random, retention } = this.#deps;
    return { now: clock.steady(), wallTime: clock.now(), random, retentionMs: retention.retentionDays * DAY_MS };
  }

  #blocks(): UploadBlocks {
    return this.#carriers.blocksOf(this.#state.entries);
  }

  #perform(effect: UploadEffect): void {
    const { jobs } = this.#deps;
    switch (effect.type) {
      case 'upload':
        this.#attempts.begin(effect.attempt, effect.job);
        break;
      case 'abort':
        this.#attempts.abort();
        break;
      case 'setTimer':
        this.#timers.set(effect.name, effect.ms);
        break;
      case 'save':
        this.#onDisk('save', () => jobs.save(effect.job));
        break;
      case 'uploaded':
        this.#uploaded(effect.job);
        break;
      case 'failed':
        this.#failed(effect.job, effect.failure);
        break;
    }
  }

  #uploaded(job: SpoolJob): void {
    const { log, jobs } = this.#deps;
    log.info('recording uploaded', { recordingId: job.recordingId, mediaId: job.mediaId, bytes: job.size });
    this.#onDisk('remove', () => jobs.remove(job.mediaId));
    this.#uploads.emit(job);
    this.#reports.uploaded(job);
  }

  #failed(job: SpoolJob, failure: UploadFailure): void {
    this.#deps.log.warn('recording quarantined: it is kept, and not tried again by itself', { mediaId: job.mediaId, ...failure });
    this.#failures.emit({ job, failure });
    this.#reports.failed(job, failure);
  }

  #onDisk(what: string, task: () => Promise<void>): void {
    this.#disk.run(task).catch((error: unknown) => {
      this.#deps.log.error('a job on disk could not be changed', { what, reason: describeError(error) });
    });
  }
}
