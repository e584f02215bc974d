import type { UploadFailure } from './ports';
import type { SpoolJob } from '../spool/ports';
import type { UploadOutcome } from './answer-table';

/**
 * What the queue knows. Times are of `Clock.steady`: near epoch milliseconds, so that a job's can be kept on disk. What an earlier process
 * kept there may be of a clock that was wrong (`credibleTime`).
 */
export interface UploadMachineState {
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

/** By media id; a job that is not among them may be carried now. */
export type UploadBlocks = ReadonlyMap<string, UploadBlock>;

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
  /** After every other event, and when logins came or went or a wait is over: who may be carried now. Only this begins an upload. */
  | { readonly type: 'looked'; readonly blocks: UploadBlocks }
  | { readonly type: 'retryAsked'; readonly mediaId?: string }
  | { readonly type: 'progressed'; readonly attempt: number; readonly sent: number }
  | { readonly type: 'tusUrlKnown'; readonly attempt: number; readonly tusUrl: string | undefined }
  | { readonly type: 'answered'; readonly attempt: number; readonly outcome: UploadOutcome }
  | { readonly type: 'suspended' }
  | { readonly type: 'resumed' }
  | { readonly type: 'stopped' };

export type UploadTimer = 'look';

export type UploadEffect =
  | { readonly type: 'upload'; readonly attempt: number; readonly job: SpoolJob }
  | { readonly type: 'abort' }
  | { readonly type: 'save'; readonly job: SpoolJob }
  | { readonly type: 'uploaded'; readonly job: SpoolJob }
  | { readonly type: 'failed'; readonly job: SpoolJob; readonly failure: UploadFailure }
  | { readonly type: 'setTimer'; readonly name: UploadTimer; readonly ms: number };

/** What the machine is told of the world. */
export interface UploadSurroundings {
  readonly now: number;
  /** What the computer's clock shows at `now`: for what people read. */
  readonly wallTime: number;
  readonly random: () => number;
  /** 0: no limit. */
  readonly retentionMs: number;
}

export interface UploadStep {
  readonly state: UploadMachineState;
  readonly effects: readonly UploadEffect[];
}

export const initialUpload: UploadMachineState = {
  status: 'stopped',
  entries: [],
  failures: 0,
  notBefore: 0,
  attempt: 0,
};
