import type { Clock } from '../lib/clock';
import { withDeadline } from '../lib/deadline';
import { RwsError } from '../shared/rws-error';

/** What a cancelled step may take to leave nothing half done behind. */
export const GRACE_MS = 1500;

/** One step towards RWS, with its time limit. Throws `RwsError` `unavailable` when the time is over. */
export function withinTime<T>(
  clock: Clock,
  { ms, what, parent }: { readonly ms: number; readonly what: string; readonly parent?: AbortSignal },
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const statusMessage = `${what} did not succeed within ${Math.round(ms / 100) / 10} s.`;
  return withDeadline(clock, { ms, parent, graceMs: GRACE_MS, tooLate: () => new RwsError({ kind: 'unavailable', statusMessage }) }, task);
}
