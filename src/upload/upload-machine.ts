import type { SpoolJob } from '../spool/ports';
import { fullJitter } from '../lib/backoff';
import type { UploadOutcome } from './answer-table';
import { isAged, reasonOfAge, STEP_BACK_AFTER } from './retention';
import { BACKOFF, credibleTime } from './wait-times';

/**
 * Decides what is uploaded when. Pure; times are of `Clock.steady`: near epoch milliseconds, so that a job's can be kept on disk. What an
 * earlier process kept there may be of a clock that was wrong (`credibleTime`).
 */
export interface UploadQueueState {
  readonly status: 'stopped' | 'running' | 'asleep';
  /** Oldest first. */
  readonly entries: readonly UploadEntry[];
  readonly current?: CurrentUpload;
  /** Failures in a row, whichever job they met: the server's state. */
  readonly failures: number;
  /** Since when it is failures only. */
  readonly failingSince?: number;
  /** Nobody is tried before. */
  readonly notBefore: number;
  /** Of the last attempt; answers of others are late and fall away. */
  readonly attempt: number;
}

export interface UploadEntry {
  readonly job: SpoolJob;
  /** Why the last try failed. */
  readonly lastReason?: string;
  /** Tries that failed since the service started or a person asked for one; unlike `job.attempts`, not kept on disk. */
  readonly failedTries?: number;
  /** A person asked for this one: it goes first, once. */
  readonly isAsked?: boolean;
}

/** Why nobody may carry a job now. */
export interface UploadBlock {
  readonly reason: string;
  /** When it is over by itself. */
  readonly until?: number;
}

export interface CurrentUpload {
  readonly mediaId: string;
  readonly attempt: number;
  readonly sent: number;
  /** Where and when the first bytes of this attempt went out. */
  readonly from?: { readonly sent: number; readonly at: number };
}

export type UploadEvent =
  | { readonly type: 'started'; readonly jobs: readonly SpoolJob[] }
  | { readonly type: 'added'; readonly job: SpoolJob }
  /** Logins came or went, or a wait is over. */
  | { readonly type: 'looked' }
  | { readonly type: 'retryAsked'; readonly mediaId?: string }
  | { readonly type: 'progressed'; readonly attempt: number; readonly sent: number }
  | { readonly type: 'tusUrlKnown'; readonly attempt: number; readonly tusUrl: string | undefined }
  | { readonly type: 'answered'; readonly attempt: number; readonly outcome: UploadOutcome }
  | { readonly type: 'suspended' }
  | { readonly type: 'resumed' }
  | { readonly type: 'stopped' };

export type UploadEffect =
  | { readonly type: 'upload'; readonly attempt: number; readonly job: SpoolJob }
  | { readonly type: 'abort' }
  | { readonly type: 'save'; readonly job: SpoolJob }
  | { readonly type: 'uploaded'; readonly job: SpoolJob }
  | { readonly type: 'failed'; readonly job: SpoolJob; readonly reason: string }
  | { readonly type: 'wake'; readonly at: number };

/** What the machine asks the world. */
export interface UploadSurroundings {
  readonly now: number;
  /** What the computer's clock shows at `now`: for what people read. */
  readonly wallTime: number;
  readonly random: () => number;
  /** 0: no limit. */
  readonly retentionMs: number;
  /** `undefined` when somebody may carry the job now. */
  readonly blockOf: (job: SpoolJob) => UploadBlock | undefined;
}

export interface UploadStep {
  readonly state: UploadQueueState;
  readonly effects: readonly UploadEffect[];
}

const MISMATCHED = 'RWS holds a recording of this id whose bytes are not those that were sent.';

export const initialUploadState: UploadQueueState = {
  status: 'stopped',
  entries: [],
  failures: 0,
  notBefore: 0,
  attempt: 0,
};

export function stepUpload(state: UploadQueueState, event: UploadEvent, around: UploadSurroundings): UploadStep {
  const step = apply(state, event, around);
  const decided = decide(step.state, around);
  return { state: decided.state, effects: [...step.effects, ...decided.effects] };
}

function apply(state: UploadQueueState, event: UploadEvent, around: UploadSurroundings): UploadStep {
  switch (event.type) {
    case 'started':
      return { state: { ...state, status: 'running', entries: merge(state.entries, event.jobs) }, effects: [] };
    case 'added':
      return { state: { ...state, entries: merge(state.entries, [event.job]) }, effects: [] };
    case 'looked':
      return { state, effects: [] };
    case 'retryAsked':
      return askRetry(state, event.mediaId, around.wallTime);
    case 'progressed':
      if (state.current?.attempt !== event.attempt) return { state, effects: [] };
      return { state: { ...state, current: progress(state.current, event.sent, around.now) }, effects: [] };
    case 'tusUrlKnown':
      return state.current?.attempt === event.attempt ? keepTusUrl(state, state.current.mediaId, event.tusUrl) : { state, effects: [] };
    case 'answered':
      return answer(state, event, around);
    case 'suspended':
      return { state: { ...state, status: state.status === 'running' ? 'asleep' : state.status }, effects: abortCurrent(state) };
    case 'resumed':
      return { state: wakeUp(state), effects: [] };
    case 'stopped':
      return { state: { ...state, status: 'stopped' }, effects: abortCurrent(state) };
  }
}

function answer(state: UploadQueueState, event: Extract<UploadEvent, { type: 'answered' }>, around: UploadSurroundings): UploadStep {
  const { current, ...rest } = state;
  const found = state.entries.find(({ job }) => job.mediaId === current?.mediaId);
  if (current?.attempt !== event.attempt || found === undefined) return { state, effects: [] };
  const { isAsked: _, ...entry } = found;
  const { outcome } = event;
  switch (outcome.type) {
    case 'done':
      return done(rest, entry.job);
    case 'alreadyThere':
      // After a mismatch, what is there may be the wrong bytes: ours stay.
      return entry.job.mismatched === true ? quarantine(succeeded(rest), entry.job, MISMATCHED, around) : done(rest, entry.job);
    case 'mismatch':
      return retryLater(rest, { ...entry, job: { ...entry.job, mismatched: true } }, outcome, around);
    case 'retry':
      // A link that is down for days is not the job's fault: `blockOf` holds back what goes to that server, in its order.
      return outcome.isLinkDown === true
        ? { state: replace(rest, { ...entry, lastReason: outcome.reason }), effects: [] }
        : retryLater(rest, entry, outcome, around);
    case 'quarantine':
      return quarantine(succeeded(rest), entry.job, outcome.reason, around);
    case 'ownAgentOnly': {
      const job = { ...entry.job, ownAgentOnly: true };
      return { state: replace(rest, { ...entry, job, lastReason: outcome.reason }), effects: [{ type: 'save', job }] };
    }
    case 'loginRefused':
      return { state: replace(rest, { ...entry, lastReason: outcome.reason }), effects: [] };
    case 'interrupted':
      return { state: rest, effects: [] };
  }
}

function done(state: UploadQueueState, job: SpoolJob): UploadStep {
  const entries = state.entries.filter((entry) => entry.job.mediaId !== job.mediaId);
  return { state: { ...succeeded(state), entries }, effects: [{ type: 'uploaded', job }] };
}

/** What failed before the sleep has not failed through the night. */
function wakeUp(state: UploadQueueState): UploadQueueState {
  if (state.status !== 'asleep') return state;
  const { failingSince: _, ...rest } = state;
  return { ...rest, status: 'running' };
}

/** The server answered: link and server are well. */
function succeeded(state: UploadQueueState): UploadQueueState {
  const { failingSince: _, ...rest } = state;
  return { ...rest, failures: 0, notBefore: 0 };
}

function retryLater(
  state: UploadQueueState,
  { job, failedTries = 0 }: UploadEntry,
  outcome: { readonly reason: string; readonly afterMs?: number },
  around: UploadSurroundings,
): UploadStep {
  const { now, random } = around;
  const share = random();
  const waitMs = (failures: number): number =>
    Math.max(
      outcome.afterMs ?? 0,
      fullJitter(failures, BACKOFF, () => share),
    );
  const failingSince = state.failingSince ?? now;
  const next = { ...state, failures: state.failures + 1, failingSince, notBefore: now + waitMs(state.failures) };
  const tried = { ...job, attempts: job.attempts + 1, notBefore: now + waitMs(job.attempts) };
  if (isAged(job, failedTries + 1, around)) return quarantine(next, job, reasonOfAge(outcome.reason, around), around);
  const entry: UploadEntry = { job: tried, lastReason: outcome.reason, failedTries: failedTries + 1 };
  return { state: replace(next, entry), effects: [{ type: 'save', job: tried }] };
}

function quarantine(state: UploadQueueState, job: SpoolJob, reason: string, { wallTime }: UploadSurroundings): UploadStep {
  const { notBefore: _, ...kept } = job;
  const held: SpoolJob = { ...kept, attempts: job.attempts + 1, quarantine: { reason, since: wallTime } };
  return {
    state: replace(state, { job: held }),
    effects: [
      { type: 'save', job: held },
      { type: 'failed', job: held, reason },
    ],
  };
}

function askRetry(state: UploadQueueState, mediaId: string | undefined, wallTime: number): UploadStep {
  const effects: UploadEffect[] = [];
  const entries = state.entries.map((entry) => {
    if (mediaId !== undefined && entry.job.mediaId !== mediaId) return entry;
    if (entry.job.mediaId === state.current?.mediaId) return entry;
    // `mismatched` stays: until RWS takes our bytes, a “there already” may mean wrong ones.
    const { notBefore: _n, quarantine: _q, ownAgentOnly: _o, ...job } = entry.job;
    const fresh = { ...job, attempts: 0, retriedAt: wallTime };
    effects.push({ type: 'save', job: fresh });
    return mediaId === undefined ? { job: fresh } : { job: fresh, isAsked: true };
  });
  return { state: { ...state, entries, failures: 0, notBefore: 0 }, effects };
}

function keepTusUrl(state: UploadQueueState, mediaId: string, tusUrl: string | undefined): UploadStep {
  const entry = state.entries.find(({ job }) => job.mediaId === mediaId);
  if (entry === undefined || entry.job.tusUrl === tusUrl) return { state, effects: [] };
  const { tusUrl: _, ...rest } = entry.job;
  const job = tusUrl === undefined ? rest : { ...rest, tusUrl };
  return { state: replace(state, { ...entry, job }), effects: [{ type: 'save', job }] };
}

/** When a job nobody blocks is tried next. */
export function nextTryOf({ notBefore }: Pick<UploadQueueState, 'notBefore'>, job: SpoolJob, now: number): number {
  return Math.max(credibleTime(notBefore, now), credibleTime(job.notBefore ?? 0, now));
}

/** One at a time, oldest first. */
function decide(state: UploadQueueState, around: UploadSurroundings): UploadStep {
  if (state.status !== 'running' || state.current !== undefined) return { state, effects: [] };
  const { next, unblockedAt } = look(state, around);
  const dueAt = next === undefined ? Infinity : nextTryOf(state, next.job, around.now);
  if (next === undefined || dueAt > around.now) return { state, effects: wakeAt(Math.min(dueAt, unblockedAt)) };
  const attempt = state.attempt + 1;
  const current: CurrentUpload = { mediaId: next.job.mediaId, attempt, sent: 0 };
  return { state: { ...state, attempt, current }, effects: [{ type: 'upload', attempt, job: next.job }] };
}

/** Who is next, and when the first of those who may not be carried now may be. */
function look(state: UploadQueueState, { blockOf, now }: UploadSurroundings): { next: UploadEntry | undefined; unblockedAt: number } {
  const ready: UploadEntry[] = [];
  let unblockedAt = Infinity;
  for (const entry of state.entries) {
    if (entry.job.quarantine !== undefined) continue;
    const block = blockOf(entry.job);
    if (block === undefined) ready.push(entry);
    else unblockedAt = Math.min(unblockedAt, block.until ?? Infinity);
  }
  const first = ready.find(({ isAsked }) => isAsked) ?? ready.find(({ job }) => job.attempts < STEP_BACK_AFTER);
  return { next: first ?? earliest(ready, now), unblockedAt };
}

function wakeAt(at: number): readonly UploadEffect[] {
  return at === Infinity ? [] : [{ type: 'wake', at }];
}

function earliest(entries: readonly UploadEntry[], now: number): UploadEntry | undefined {
  const dueAt = ({ job }: UploadEntry): number => nextTryOf({ notBefore: 0 }, job, now);
  return entries.reduce<UploadEntry | undefined>(
    (best, entry) => (best === undefined || dueAt(entry) < dueAt(best) ? entry : best),
    undefined,
  );
}

function progress(current: CurrentUpload, sent: number, now: number): CurrentUpload {
  return { ...current, sent, from: current.from ?? { sent, at: now } };
}

function abortCurrent(state: UploadQueueState): readonly UploadEffect[] {
  return state.current === undefined ? [] : [{ type: 'abort' }];
}

function merge(entries: readonly UploadEntry[], jobs: readonly SpoolJob[]): readonly UploadEntry[] {
  const known = new Set(entries.map(({ job }) => job.mediaId));
  const added = jobs.filter((job) => !known.has(job.mediaId)).map((job) => ({ job }));
  return [...entries, ...added].sort((a, b) => a.job.createdAt - b.job.createdAt || a.job.mediaId.localeCompare(b.job.mediaId));
}

function replace(state: UploadQueueState, entry: UploadEntry): UploadQueueState {
  return { ...state, entries: state.entries.map((other) => (other.job.mediaId === entry.job.mediaId ? entry : other)) };
}
