import type { Clock } from '../lib/clock';

const WINDOW_MS = 60_000;
const MAX_PER_USER = 5;
const MAX_IN_ALL = 20;

interface RefusedLogin {
  readonly userName: string;
  readonly at: number;
}

/**
 * Keeps a page in a loop from locking an agent's account (local-api.md, *What login does*). Only credentials that RWS refused count.
 * Holds at most 20 entries: a login that would add another is not let through.
 */
export class LoginLimiter {
  readonly #clock: Pick<Clock, 'now'>;
  #refused: readonly RefusedLogin[] = [];

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Milliseconds until a login of this user may go to RWS again; 0 when it may now. */
  waitMs(userName: string): number {
    const now = this.#clock.now();
    this.#refused = this.#refused.filter((entry) => entry.at <= now && now - entry.at < WINDOW_MS);
    const own = this.#refused.filter((entry) => entry.userName === fold(userName));
    return Math.max(untilBelow(own, MAX_PER_USER, now), untilBelow(this.#refused, MAX_IN_ALL, now));
  }

  noteRefused(userName: string): void {
    this.#refused = [...this.#refused, { userName: fold(userName), at: this.#clock.now() }].slice(-MAX_IN_ALL);
  }
}

/** Accounts are commonly the same whatever the case. */
function fold(userName: string): string {
  return userName.toLowerCase();
}

/** Entries are in order of time, so the one that has to leave first is `limit` from the end. */
function untilBelow(entries: readonly RefusedLogin[], limit: number, now: number): number {
  const leaving = entries[entries.length - limit];
  return leaving === undefined ? 0 : leaving.at + WINDOW_MS - now;
}
