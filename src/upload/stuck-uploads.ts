import type { Problem } from '../shared/snapshot';
import type { SpoolJob } from '../spool/ports';
import { isOverdue } from './retention';
import type { UploadTrouble } from './uploader';
import type { UploadBlocks, UploadMachineState, UploadSurroundings } from './upload-state';

/** A link that is away for a while is normal life; longer, a person should know. */
const STUCK_AFTER_MS = 15 * 60_000;

export interface StuckSurroundings extends Pick<UploadSurroundings, 'now' | 'wallTime' | 'retentionMs'> {
  readonly blocks: UploadBlocks;
  /** Recordings that were put aside because they cannot be read. */
  readonly damaged: number;
  /** What keeps the login from carrying the job that would. */
  readonly troubleOf: (job: SpoolJob) => UploadTrouble | undefined;
}

const REMEDIES = {
  loginRefused: 'Sign in again with the current password, or have the account looked at. They are kept and tried again.',
  noContactCenter: 'Have the agent assigned to a contact centre in RWS, then sign in again. They are kept until then.',
} as const;

type Stuck = Omit<Problem, 'since'>;

/** The problem `uploadsStuck`, if there is one. */
export function findStuckUploads(state: UploadMachineState, around: StuckSurroundings): Stuck | undefined {
  return quarantined(state) ?? damaged(around) ?? troubled(state, around) ?? failing(state, around) ?? overdue(state, around);
}

function quarantined({ entries }: UploadMachineState): Stuck | undefined {
  const held = entries.filter(({ job }) => job.quarantine !== undefined);
  const [first] = held;
  if (first === undefined) return undefined;
  return stuck(
    `RWS does not take ${count(held.length)}: ${first.job.quarantine?.reason ?? ''}`,
    'They are kept on this computer. Remove the cause, then retry them from the status window or with "srs recordings retry".',
  );
}

function damaged({ damaged: number }: StuckSurroundings): Stuck | undefined {
  if (number === 0) return undefined;
  return stuck(
    `On this computer ${count(number)} cannot be read, wholly or in part: damaged on the disk.`,
    'They are kept in the folder spool/damaged of the data directory: "srs recordings list" shows them, "srs recordings export" saves their video.',
  );
}

function troubled(state: UploadMachineState, { now, troubleOf }: StuckSurroundings): Stuck | undefined {
  const trouble = waiting(state)
    .map(({ job }) => troubleOf(job))
    .find((found) => found !== undefined && now - found.since >= STUCK_AFTER_MS);
  if (trouble === undefined) return undefined;
  const { kind, reason } = trouble;
  return kind === 'linkDown' ? notAtPresent(reason) : stuck(`Recordings cannot be uploaded: ${reason}`, REMEDIES[kind]);
}

function failing(state: UploadMachineState, { now }: StuckSurroundings): Stuck | undefined {
  if (state.failingSince === undefined || now - state.failingSince < STUCK_AFTER_MS) return undefined;
  return notAtPresent(state.entries.find(({ lastReason }) => lastReason !== undefined)?.lastReason ?? '');
}

function notAtPresent(reason: string): Stuck {
  return stuck(
    `Recordings cannot be uploaded at present. ${reason}`,
    'Check the connection to RWS with "srs doctor". They are kept and tried again.',
  );
}

/** Nobody signs in who could carry it, so no try ever fails. */
function overdue(state: UploadMachineState, around: StuckSurroundings): Stuck | undefined {
  const held = waiting(state).filter(({ job }) => isOverdue(job, around) && around.blocks.has(job.mediaId));
  const [first] = held;
  if (first === undefined) return undefined;
  return stuck(
    `For longer than spool.retentionDays ${count(held.length)} could not be uploaded. ${around.blocks.get(first.job.mediaId)?.reason ?? ''}`,
    'They are kept. Let that agent sign in, or keep them elsewhere with "srs recordings export".',
  );
}

function waiting({ entries }: UploadMachineState): UploadMachineState['entries'] {
  return entries.filter(({ job }) => job.quarantine === undefined);
}

function stuck(text: string, remedy: string): Stuck {
  return { code: 'uploadsStuck', text: text.trim(), remedy };
}

function count(recordings: number): string {
  return recordings === 1 ? 'one recording' : `${recordings} recordings`;
}
