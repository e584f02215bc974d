import { showAfterMs, type ProblemFacts } from '../shared/problem-catalogue';
import type { StuckCause } from '../shared/problem-remedies';
import { describePair } from '../shared/server-pair';
import type { RefusedRecordings, SpoolJob } from '../spool/ports';
import { isOverdue } from './retention';
import type { UploadTrouble } from './uploader';
import type { UploadBlocks, UploadMachineState, UploadSurroundings } from './upload-state';

/** A link that is away for a while is normal life; longer, a person should know. */
const STUCK_AFTER_MS = showAfterMs('uploadsStuck');

export interface StuckSurroundings extends Pick<UploadSurroundings, 'now' | 'wallTime' | 'retentionMs'> {
  readonly blocks: UploadBlocks;
  /** Recordings that were put aside because they cannot be read. */
  readonly damaged: number;
  /** Recordings that the disk does not let be finished. */
  readonly refused: RefusedRecordings | undefined;
  /** May nothing be sent any more to the servers that commanded it? */
  readonly isRetired: (job: SpoolJob) => boolean;
  /** What keeps the login from carrying the job that would. */
  readonly troubleOf: (job: SpoolJob) => UploadTrouble | undefined;
}

type Stuck = ProblemFacts<'uploadsStuck'>;

/** The problem `uploadsStuck`, if there is one. */
export function findStuckUploads(state: UploadMachineState, around: StuckSurroundings): Stuck | undefined {
  return (
    quarantined(state) ??
    damaged(around) ??
    refused(around) ??
    retired(state, around) ??
    troubled(state, around) ??
    failing(state, around) ??
    overdue(state, around)
  );
}

function quarantined({ entries }: UploadMachineState): Stuck | undefined {
  const held = entries.filter(({ job }) => job.quarantine !== undefined);
  const [first] = held;
  if (first === undefined) return undefined;
  return stuck('refused', `RWS does not take ${count(held.length)}: ${first.job.quarantine?.reason ?? ''}`);
}

function damaged({ damaged: number }: StuckSurroundings): Stuck | undefined {
  if (number === 0) return undefined;
  return stuck('damaged', `On this computer ${count(number)} cannot be read, wholly or in part: damaged on the disk.`);
}

function refused({ refused: found }: StuckSurroundings): Stuck | undefined {
  if (found === undefined) return undefined;
  return stuck('disk', `On this computer ${count(found.count)} cannot be finished: the disk refuses (${found.reason}).`);
}

/** No login can carry it, whoever signs in. */
function retired(state: UploadMachineState, { isRetired }: StuckSurroundings): Stuck | undefined {
  const held = waiting(state).filter(({ job }) => isRetired(job));
  const [first] = held;
  if (first === undefined) return undefined;
  const { servers } = first.job;
  const why =
    servers === undefined
      ? 'an earlier version made them for configured recording servers only, and none is configured'
      : `made for ${describePair(servers)}, which is neither configured nor in allowedServers any more`;
  return stuck('retired', `No login can upload ${count(held.length)}: ${why}.`);
}

function troubled(state: UploadMachineState, { now, troubleOf }: StuckSurroundings): Stuck | undefined {
  const trouble = waiting(state)
    .map(({ job }) => troubleOf(job))
    .find((found) => found !== undefined && now - found.since >= STUCK_AFTER_MS);
  if (trouble === undefined) return undefined;
  const { kind, reason } = trouble;
  return kind === 'linkDown' ? notAtPresent(reason) : stuck(kind, `Recordings cannot be uploaded: ${reason}`);
}

function failing(state: UploadMachineState, { now }: StuckSurroundings): Stuck | undefined {
  if (state.failingSince === undefined || now - state.failingSince < STUCK_AFTER_MS) return undefined;
  return notAtPresent(state.entries.find(({ lastReason }) => lastReason !== undefined)?.lastReason ?? '');
}

function notAtPresent(reason: string): Stuck {
  return stuck('unreachable', `Recordings cannot be uploaded at present. ${reason}`);
}

/** Nobody signs in who could carry it, so no try ever fails. */
function overdue(state: UploadMachineState, around: StuckSurroundings): Stuck | undefined {
  const held = waiting(state).filter(({ job }) => isOverdue(job, around) && around.blocks.has(job.mediaId));
  const [first] = held;
  if (first === undefined) return undefined;
  return stuck(
    'overdue',
    `For longer than spool.retentionDays ${count(held.length)} could not be uploaded. ${around.blocks.get(first.job.mediaId)?.reason ?? ''}`,
  );
}

function waiting({ entries }: UploadMachineState): UploadMachineState['entries'] {
  return entries.filter(({ job }) => job.quarantine === undefined);
}

function stuck(cause: StuckCause, reason: string): Stuck {
  return { cause, reason: reason.trim() };
}

function count(recordings: number): string {
  return recordings === 1 ? 'one recording' : `${recordings} recordings`;
}
