import { MAX_RETRY_AFTER_MS } from '../shared/rws-error';

/** rws.md, *Upload*: from 2 s up to 5 min. */
export const BACKOFF = { firstMs: 2_000, maxMs: 300_000 };

/** No wait is longer than the cap: a time further ahead was noted while the clock was wrong, and counts as over. */
export function credibleTime(time: number, now: number): number {
  return time > now + MAX_RETRY_AFTER_MS ? 0 : time;
}
