import type { SpoolJob } from '../spool/ports';

/** A job that fails so often lets younger ones go first, so that one that cannot be taken does not keep all others back. */
export const STEP_BACK_AFTER = 10;
/** So many tries a job gets in any case, before its age counts: the computer may have been off, or nobody signed in, for weeks. */
const TRIES_FIRST = STEP_BACK_AFTER;
const DAY_MS = 86_400_000;

export interface RetentionLimit {
  /** What the computer's clock shows, as jobs are stamped by it. */
  readonly wallTime: number;
  /** 0: no limit. */
  readonly retentionMs: number;
}

/** Is it older than `spool.retentionDays`, counted anew from the day a person asked for another try? */
export function isOverdue({ createdAt, retriedAt = createdAt }: SpoolJob, { wallTime, retentionMs }: RetentionLimit): boolean {
  return retentionMs > 0 && wallTime - Math.max(createdAt, retriedAt) > retentionMs;
}

/**
 * The retention limit ends the tries; the recording stays, for a person to decide.
 * @param failedTries since the service started or a person asked
 */
export function isAged(job: SpoolJob, failedTries: number, limit: RetentionLimit): boolean {
  return failedTries >= TRIES_FIRST && isOverdue(job, limit);
}

export function reasonOfAge(lastReason: string, { retentionMs }: RetentionLimit): string {
  return `It could not be uploaded within ${retentionMs / DAY_MS} days (spool.retentionDays). Last: ${lastReason}`;
}
