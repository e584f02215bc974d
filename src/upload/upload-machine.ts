import type { UploadFailure } from './ports';
import { fullJitter } from '../lib/backoff';
import type { SpoolJob } from '../spool/ports';
import { resetJob } from './reset-job';
import { isAged, reasonOfAge, STEP_BACK_AFTER } from './retention';
import type {
  CurrentUpload,
  UploadBlocks,
  UploadEffect,
  UploadEntry,
  UploadEvent,
  UploadMachineState,
  UploadStep,
  UploadSurroundings,
} from './upload-state';
import { BACKOFF, credibleTime } from './wait-times';

const MISMATCHED = 'RWS holds a recording of this id whose bytes are not those that were sent.';

/** Decides what is uploaded when. Pure. */
export function stepUpload(state: UploadMachineState, event: UploadEvent, around: UploadSurroundings): UploadStep {
  switch (event.type) {
    case 'started':
      return { state: { ...state, status: 'running', entries: merge(state.entries, event.jobs) }, effects: [] };
    case 'added':
      return { state: { ...state, entries: merge(state.entries, [event.job]) }, effects: [] };
    case 'looked':
      return decide(state, event.blocks, around.now);
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

function answer(state: UploadMachineState, event: Extract<UploadEvent, { type: 'answered' }>, around: UploadSurroundings): UploadStep {
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
      return entry.job.mismatched === true
        ? quarantine(succeeded(rest), entry.job, { reason: MISMATCHED, code: 'uploadMismatched' }, around)
        : done(rest, entry.job);
    case 'mismatch':
      return retryLater(rest, { ...entry, job: { ...entry.job, mismatched: true } }, outcome, around);
    case 'retry':
      // A link that is down for days is not the job's fault: a block holds back what goes to that server, in its order.
      return outcome.isLinkDown === true
        ? { state: replace(rest, { ...entry, lastReason: outcome.reason }), effects: [] }
        : retryLater(rest, entry, outcome, around);
    case 'quarantine':
      return quarantine(succeeded(rest), entry.job, outcome, around);
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

function done(state: UploadMachineState, job: SpoolJob): UploadStep {
  const entries = state.entries.filter((entry) => entry.job.mediaId !== job.mediaId);
  return { state: { ...succeeded(state), entries }, effects: [{ type: 'uploaded', job }] };
}

/** What failed before the sleep has not failed through the night. */
function wakeUp(state: UploadMachineState): UploadMachineState {
  if (state.status !== 'asleep') return state;
  const { failingSince: _, ...rest } = state;
  return { ...rest, status: 'running' };
}

/** The server answered: link and server are well. */
function succeeded(state: UploadMachineState): UploadMachineState {
  const { failingSince: _, ...rest } = state;
  return { ...rest, failures: 0, notBefore: 0 };
}

function retryLater(
  state: UploadMachineState,
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
  if (isAged(job, failedTries + 1, around)) {
    return quarantine(next, job, { reason: reasonOfAge(outcome.reason, around), code: 'uploadTooOld' }, around);
  }
  const entry: UploadEntry = { job: tried, lastReason: outcome.reason, failedTries: failedTries + 1 };
  return { state: replace(next, entry), effects: [{ type: 'save', job: tried }] };
}

function quarantine(
  state: UploadMachineState,
  job: SpoolJob,
  { reason, code }: UploadFailure,
  { wallTime }: UploadSurroundings,
): UploadStep {
  const { notBefore: _, ...kept } = job;
  const held: SpoolJob = { ...kept, attempts: job.attempts + 1, quarantine: { reason, code, since: wallTime } };
  return {
    state: replace(state, { job: held }),
    effects: [
      { type: 'save', job: held },
      { type: 'failed', job: held, failure: { reason, code } },
    ],
  };
}

function askRetry(state: UploadMachineState, mediaId: string | undefined, wallTime: number): UploadStep {
  const effects: UploadEffect[] = [];
  const entries = state.entries.map((entry) => {
    if (mediaId !== undefined && entry.job.mediaId !== mediaId) return entry;
    if (entry.job.mediaId === state.current?.mediaId) return entry;
    const fresh = resetJob(entry.job, wallTime);
    effects.push({ type: 'save', job: fresh });
    return mediaId === undefined ? { job: fresh } : { job: fresh, isAsked: true };
  });
  return { state: { ...state, entries, failures: 0, notBefore: 0 }, effects };
}

function keepTusUrl(state: UploadMachineState, mediaId: string, tusUrl: string | undefined): UploadStep {
  const entry = state.entries.find(({ job }) => job.mediaId === mediaId);
  if (entry === undefined || entry.job.tusUrl === tusUrl) return { state, effects: [] };
  const { tusUrl: _, ...rest } = entry.job;
  const job = tusUrl === undefined ? rest : { ...rest, tusUrl };
  return { state: replace(state, { ...entry, job }), effects: [{ type: 'save', job }] };
}

/** When a job nobody blocks is tried next. */
export function nextTryOf({ notBefore }: Pick<UploadMachineState, 'notBefore'>, job: SpoolJob, now: number): number {
  return Math.max(credibleTime(notBefore, now), credibleTime(job.notBefore ?? 0, now));
}

/** Nothing is on its way and something may be: whoever may be carried now goes. */
export function isFree({ status, current }: UploadMachineState): boolean {
  return status === 'running' && current === undefined;
}

/** One at a time, oldest first. */
function decide(state: UploadMachineState, blocks: UploadBlocks, now: number): UploadStep {
  if (!isFree(state)) return { state, effects: [] };
  const { next, unblockedAt } = look(state, blocks, now);
  const dueAt = next === undefined ? Infinity : nextTryOf(state, next.job, now);
  if (next === undefined || dueAt > now) return { state, effects: lookAt(Math.min(dueAt, unblockedAt), now) };
  const attempt = state.attempt + 1;
  const current: CurrentUpload = { mediaId: next.job.mediaId, attempt, sent: 0 };
  return { state: { ...state, attempt, current }, effects: [{ type: 'upload', attempt, job: next.job }] };
}

/** Who is next, and when the first of those who may not be carried now may be. */
function look(state: UploadMachineState, blocks: UploadBlocks, now: number): { next: UploadEntry | undefined; unblockedAt: number } {
  const ready: UploadEntry[] = [];
  let unblockedAt = Infinity;
  for (const entry of state.entries) {
    if (entry.job.quarantine !== undefined) continue;
    const block = blocks.get(entry.job.mediaId);
    if (block === undefined) ready.push(entry);
    else unblockedAt = Math.min(unblockedAt, block.until ?? Infinity);
  }
  const first = ready.find(({ isAsked }) => isAsked) ?? ready.find(({ job }) => job.attempts < STEP_BACK_AFTER);
  return { next: first ?? earliest(ready, now), unblockedAt };
}

function lookAt(at: number, now: number): readonly UploadEffect[] {
  return at === Infinity ? [] : [{ type: 'setTimer', name: 'look', ms: at - now }];
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

function abortCurrent(state: UploadMachineState): readonly UploadEffect[] {
  return state.current === undefined ? [] : [{ type: 'abort' }];
}

function merge(entries: readonly UploadEntry[], jobs: readonly SpoolJob[]): readonly UploadEntry[] {
  const known = new Set(entries.map(({ job }) => job.mediaId));
  const added = jobs.filter((job) => !known.has(job.mediaId)).map((job) => ({ job }));
  return [...entries, ...added].sort((a, b) => a.job.createdAt - b.job.createdAt || a.job.mediaId.localeCompare(b.job.mediaId));
}

function replace(state: UploadMachineState, entry: UploadEntry): UploadMachineState {
  return { ...state, entries: state.entries.map((other) => (other.job.mediaId === entry.job.mediaId ? entry : other)) };
}
