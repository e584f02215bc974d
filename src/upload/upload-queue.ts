import type { RwsConfiguration, UploadConfiguration } from '../config/schema';
import type { Random } from '../lib/backoff';
import type { Clock, Timer } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { Serial } from '../lib/serial';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import { AppError, describeError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import { describePair } from '../shared/server-pair';
import type { UploadsState } from '../shared/snapshot';
import type { JobStore, SpoolJob } from '../spool/ports';
import type { UploadOutcome } from './answer-table';
import type { JobOwner, UploadLogin, UploadLogins } from './ports';
import { findStuckUploads } from './stuck-uploads';
import { viewJob } from './upload-job-view';
import { createUploader, waitsForAgent, type Uploader } from './uploader';
import {
  initialUploadState,
  stepUpload,
  type UploadBlock,
  type UploadEffect,
  type UploadEvent,
  type UploadSurroundings,
} from './upload-machine';

export interface UploadQueueDeps {
  readonly jobs: JobStore;
  readonly logins: UploadLogins;
  readonly config: UploadConfiguration;
  /** `spool.retentionDays`; 0 = no limit */
  readonly retentionDays: number;
  readonly paths: Pick<RwsConfiguration['paths'], 'upload' | 'resumable'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly problems: ProblemReporter;
  /** Of silence on the wire while uploading; default 60 s. */
  readonly idleTimeoutMs?: number;
  readonly onUploaded?: (job: SpoolJob) => void;
  readonly onFailed?: (job: SpoolJob, reason: string) => void;
}

export interface UploadQueue {
  /** Reads the jobs on disk and begins. Memoised. */
  start(): Promise<void>;
  /** Breaks off what is on its way; it goes on at the next start. Memoised. */
  stop(): Promise<void>;
  /** A job whose sidecar is on disk. */
  add(job: SpoolJob): void;
  /**
   * Tries one job, or all, at once, quarantined ones included; on disk too when it resolves.
   * @returns how many there are of that media id, or in all
   */
  retry(mediaId?: string): Promise<number>;
  /** Something that is shown here changed elsewhere, such as `jobs.damagedCount`. */
  lookAgain(): void;
  state(): UploadsState;
  onState(listener: (state: UploadsState) => void): Unsubscribe;
  /** The machine goes to sleep. */
  suspended(): void;
  resumed(): void;
  /** Is there a recording of this agent that its login could still carry? */
  hasWorkFor(isTheirs: (owner: JobOwner) => boolean): boolean;
}

const DAY_MS = 86_400_000;
/** Views need not see every packet. */
const PROGRESS_EVERY_MS = 500;
/** What lasts too long becomes a problem without anything happening. */
const SHOW_EVERY_MS = 60_000;

export function createUploadQueue(deps: UploadQueueDeps): UploadQueue {
  return new Queue(deps);
}

class Queue implements UploadQueue {
  readonly #deps: UploadQueueDeps;
  readonly #uploader: Uploader;
  readonly #changed: Emitter<UploadsState>;
  readonly #disk = new Serial();
  #state = initialUploadState;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #wake: Timer | undefined;
  #showing: Timer | undefined;
  #aborter: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  #lastProgress = 0;
  #stuckText: string | undefined;
  /** Recordings whose "Uploaded" report waits for their end. */
  readonly #owedReports = new Set<string>();

  constructor(deps: UploadQueueDeps) {
    this.#deps = deps;
    this.#changed = new Emitter((error) => deps.log.error('a listener for the upload queue failed', { error }));
    this.#uploader = createUploader(deps);
  }

  start(): Promise<void> {
    return (this.#starting ??= this.#start());
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  add(job: SpoolJob): void {
    this.#step({ type: 'added', job });
  }

  lookAgain(): void {
    this.#step({ type: 'looked' });
  }

  async retry(mediaId?: string): Promise<number> {
    const asked = this.#state.entries.filter(({ job }) => mediaId === undefined || job.mediaId === mediaId).length;
    if (asked === 0) return 0;
    this.#uploader.forgetRefusals();
    this.#step({ type: 'retryAsked', ...(mediaId === undefined ? {} : { mediaId }) });
    await this.#disk.idle();
    return asked;
  }

  state(): UploadsState {
    const around = this.#around();
    const jobs = this.#state.entries.map((entry) => ({
      mediaId: entry.job.mediaId,
      recordingId: entry.job.recordingId,
      userName: entry.job.userName,
      size: entry.job.size,
      createdAt: new Date(entry.job.createdAt).toISOString(),
      state: viewJob(this.#state, entry, around),
    }));
    const pendingBytes = jobs.reduce((sum, job) => sum + (job.state.status === 'quarantined' ? 0 : job.size), 0);
    return { jobs, pendingBytes };
  }

  onState(listener: (state: UploadsState) => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }

  suspended(): void {
    this.#step({ type: 'suspended' });
  }

  resumed(): void {
    this.#uploader.forgetRefusals();
    this.#uploader.forgetLinks();
    this.#step({ type: 'resumed' });
  }

  hasWorkFor(isTheirs: (owner: JobOwner) => boolean): boolean {
    return this.#state.entries.some(({ job }) => job.quarantine === undefined && isTheirs(job));
  }

  async #start(): Promise<void> {
    const jobs = await this.#deps.jobs.list();
    this.#unsubscribe = this.#deps.logins.onChange(() => {
      this.#uploader.forgetRefusals();
      this.#step({ type: 'looked' });
    });
    if (jobs.length > 0) this.#deps.log.info('recordings wait to be uploaded', { count: jobs.length });
    this.#step({ type: 'started', jobs });
    this.#keepShowing();
  }

  #keepShowing(): void {
    if (this.#state.status === 'stopped') return;
    this.#showing = this.#deps.clock.after(SHOW_EVERY_MS, () => {
      this.#showProblem();
      this.#keepShowing();
    });
  }

  async #stop(): Promise<void> {
    await this.#starting?.catch(() => undefined); // A failed start was told to its caller.
    this.#unsubscribe?.();
    this.#step({ type: 'stopped' });
    this.#wake?.cancel();
    this.#showing?.cancel();
    await this.#running;
    await this.#disk.idle();
  }

  #step(event: UploadEvent): void {
    const { state, effects } = stepUpload(this.#state, event, this.#around());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    if (event.type === 'progressed' && !this.#isProgressDue()) return;
    this.#showProblem();
    this.#changed.emit(this.state());
  }

  #showProblem(): void {
    if (this.#state.status === 'asleep') return; // A timer may come before the word that we are awake.
    const { jobs, problems } = this.#deps;
    const problem = findStuckUploads(this.#state, {
      ...this.#around(),
      damaged: jobs.damagedCount ?? 0,
      troubleOf: (job) => this.#troubleOf(job),
    });
    if (problem?.text === this.#stuckText) return;
    this.#stuckText = problem?.text;
    if (problem === undefined) problems.clear('uploadsStuck');
    else problems.raise(problem);
  }

  #isProgressDue(): boolean {
    const now = this.#deps.clock.steady();
    if (now - this.#lastProgress < PROGRESS_EVERY_MS) return false;
    this.#lastProgress = now;
    return true;
  }

  #around(): UploadSurroundings {
    const { clock, random, retentionDays } = this.#deps;
    return {
      now: clock.steady(),
      wallTime: clock.now(),
      random,
      retentionMs: retentionDays * DAY_MS,
      blockOf: (job) => this.#blockOf(job),
    };
  }

  #blockOf(job: SpoolJob): UploadBlock | undefined {
    const login = this.#deps.logins.find(job);
    if (login === undefined) return { reason: waitReason(job, this.#deps.config) };
    if (job.ownAgentOnly === true && !login.isOwn) return waitsForAgent(job);
    return this.#uploader.blockOf(login, job);
  }

  #troubleOf(job: SpoolJob): ReturnType<Uploader['troubleOf']> {
    const login = this.#deps.logins.find(job);
    return login === undefined ? undefined : this.#uploader.troubleOf(login, job);
  }

  #perform(effect: UploadEffect): void {
    switch (effect.type) {
      case 'upload':
        this.#running = this.#upload(effect.attempt, effect.job);
        break;
      case 'abort':
        this.#aborter?.abort(new AppError('aborted', 'The upload was broken off by the service itself.'));
        break;
      case 'wake':
        this.#wake?.cancel();
        this.#wake = this.#deps.clock.after(effect.at - this.#deps.clock.steady(), () => this.#step({ type: 'looked' }));
        break;
      case 'save':
        this.#onDisk('save', () => this.#deps.jobs.save(effect.job));
        break;
      case 'uploaded':
        this.#uploaded(effect.job);
        break;
      case 'failed':
        this.#failed(effect.job, effect.reason);
        break;
    }
  }

  async #upload(attempt: number, job: SpoolJob): Promise<void> {
    const login = this.#deps.logins.find(job);
    const aborter = new AbortController();
    this.#aborter = aborter;
    const release = login?.hold();
    const outcome: UploadOutcome =
      login === undefined
        ? { type: 'interrupted' }
        : await this.#uploader.upload({
            job,
            login,
            signal: aborter.signal,
            onProgress: (sent) => this.#step({ type: 'progressed', attempt, sent }),
            onTusUrl: (tusUrl) => this.#step({ type: 'tusUrlKnown', attempt, tusUrl }),
          });
    release?.();
    if (outcome.type !== 'done') this.#deps.log.info('upload not done', { mediaId: job.mediaId, outcome });
    this.#step({ type: 'answered', attempt, outcome });
  }

  #uploaded(job: SpoolJob): void {
    const { log, jobs, onUploaded } = this.#deps;
    log.info('recording uploaded', { recordingId: job.recordingId, mediaId: job.mediaId, bytes: job.size });
    this.#onDisk('remove', () => jobs.remove(job.mediaId));
    onUploaded?.(job);
    this.#reportUploaded(job).catch((error: unknown) => log.error('an upload could not be reported', { reason: describeError(error) }));
  }

  /** "Uploaded" is said of a whole recording: when all its segments are there, and no more are to come. */
  async #reportUploaded(job: SpoolJob): Promise<void> {
    const { recordingId } = job;
    if (this.#owedReports.has(recordingId)) return;
    const login = this.#deps.logins.find(job);
    this.#owedReports.add(recordingId);
    await this.#deps.jobs.whenRecorded?.(recordingId);
    this.#owedReports.delete(recordingId);
    if (!this.#state.entries.some((entry) => entry.job.recordingId === recordingId)) this.#report(login, job, 'Uploaded');
  }

  #failed(job: SpoolJob, reason: string): void {
    this.#deps.log.warn('recording quarantined: it is kept, and not tried again by itself', { mediaId: job.mediaId, reason });
    this.#deps.onFailed?.(job, reason);
    this.#report(this.#deps.logins.find(job), job, 'Failed', reason);
  }

  #report(login: UploadLogin | undefined, job: SpoolJob, state: 'Uploaded' | 'Failed', reason?: string): void {
    const { startTime, stopTime } = job.metadata;
    void login?.report({ recordingId: job.recordingId, state, startTime, stopTime, ...(reason === undefined ? {} : { reason }) });
  }

  #onDisk(what: string, task: () => Promise<void>): void {
    this.#disk.run(task).catch((error: unknown) => {
      this.#deps.log.error('a job on disk could not be changed', { what, reason: describeError(error) });
    });
  }
}

function waitReason({ userName, servers }: JobOwner, { byAnyAgent }: UploadConfiguration): string {
  const where = servers === undefined ? 'a configured recording server' : describePair(servers);
  return `Waits for ${byAnyAgent ? 'an agent' : userName} to sign in at ${where}.`;
}
