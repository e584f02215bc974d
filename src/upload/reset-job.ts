import type { SpoolJob } from '../spool/ports';

/**
 * A job a person wants tried again: as if it had never failed. `mismatched` stays: until RWS takes our bytes, a “there already” may mean
 * wrong ones.
 * @param retriedAt epoch milliseconds
 */
export function resetJob({ quarantine: _q, notBefore: _n, ownAgentOnly: _o, ...job }: SpoolJob, retriedAt: number): SpoolJob {
  return { ...job, attempts: 0, retriedAt };
}
