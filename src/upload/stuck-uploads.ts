import { showAfterMs, type ProblemFacts } from '../shared/problem-catalogue';
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
  return { cause: 'refused', count: held.length, reason: first.job.quarantine?.reason ?? '' };
}

function damaged({ damaged: count }: StuckSurroundings): Stuck | undefined {
  return count === 0 ? undefined : { cause: 'damaged', count };
}

function refused({ refused: found }: StuckSurroundings): Stuck | undefined {
  return found === undefined ? undefined : { cause: 'disk', count: found.count, reason: found.reason };
}

/** No login can carry it, whoever signs in. */
function retired(state: UploadMachineState, { isRetired }: StuckSurroundings): Stuck | undefined {
  const held = waiting(state).filter(({ job }) => isRetired(job));
  const [first] = held;
  if (first === undefined) return undefined;
  const { servers } = first.job;
  return { cause: 'retired', count: held.length, ...(servers === undefined ? {} : { servers: describePair(servers) }) };
}

function troubled(state: UploadMachineState, { now, troubleOf }: StuckSurroundings): Stuck | undefined {
  const trouble = waiting(state)
    .map(({ job }) => troubleOf(job))
    .find((found) => found !== undefined && now - found.since >= STUCK_AFTER_MS);
  if (trouble === undefined) return undefined;
  const { kind, reason } = trouble;
  return { cause: kind === 'linkDown' ? 'unreachable' : kind, reason };
}

function failing(state: UploadMachineState, { now }: StuckSurroundings): Stuck | undefined {
  if (state.failingSince === undefined || now - state.failingSince < STUCK_AFTER_MS) return undefined;
  return { cause: 'unreachable', reason: state.entries.find(({ lastReason }) => lastReason !== undefined)?.lastReason ?? '' };
}

/** Nobody signs in who could carry it, so no try ever fails. */
function overdue(state: UploadMachineState, around: StuckSurroundings): Stuck | undefined {
  const held = waiting(state).filter(({ job }) => isOverdue(job, around) && around.blocks.has(job.mediaId));
  const [first] = held;
  if (first === undefined) return undefined;
  return { cause: 'overdue', count: held.length, reason: around.blocks.get(first.job.mediaId)?.reason ?? '' };
}

function waiting({ entries }: UploadMachineState): UploadMachineState['entries'] {
  return entries.filter(({ job }) => job.quarantine === undefined);
}
