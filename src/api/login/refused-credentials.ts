import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../lib/clock';
import type { Credentials } from '../../rws/ports';

const WINDOW_MS = 60_000;
const MAX_PER_USER = 5;
/** In all: so many at once, then one in so long. */
const BURST = 20;
const PACE_MS = 3_000;
const MAX_KEPT = 500;

interface Refused {
  readonly userName: string;
  readonly at: number;
}

/**
 * The one limit for credentials that were refused, by RWS or by ourselves (local-api.md, *Refused credentials*).
 *
 * Per user name it is a stop, so that nobody locks an account or guesses a password. Over all names it is a delay, and none for an agent who
 * has signed in here before: a program that sends made-up names keeps no agent out. Only refused credentials count.
 */
export class RefusedCredentials {
  readonly #clock: Pick<Clock, 'steady'>;
  readonly #accepted = new Set<string>();
  /** Keeps no password: what was refused is known again by its digest, under a key that ends with this process. */
  readonly #key = randomBytes(32);
  readonly #digests = new Set<string>();
  #refused: readonly Refused[] = [];
  /** When the pace would be kept exactly, if every refused one had waited for its turn. */
  #paidUntil = 0;

  constructor(clock: Pick<Clock, 'steady'>) {
    this.#clock = clock;
  }

  /** Milliseconds until credentials of this user may be checked again; 0 when they may now. */
  waitMs(userName: string): number {
    const now = this.#clock.steady();
    this.#refused = this.#refused.filter((entry) => now - entry.at < WINDOW_MS);
    const own = this.#refused.filter((entry) => entry.userName === fold(userName));
    // Entries are in order of time, so the one that has to leave first is that far from the end.
    const leaving = own[own.length - MAX_PER_USER];
    return leaving === undefined ? 0 : leaving.at + WINDOW_MS - now;
  }

  /** Milliseconds a login of this user has to wait for its turn among all; at most the pace. */
  paceMs(userName: string): number {
    if (this.#accepted.has(fold(userName))) return 0;
    const ahead = this.#paidUntil - this.#clock.steady() - (BURST - 1) * PACE_MS;
    return Math.min(PACE_MS, Math.max(0, ahead));
  }

  noteAccepted(userName: string): void {
    keep(this.#accepted, fold(userName));
  }

  noteRefused({ userName }: Credentials): void {
    const now = this.#clock.steady();
    this.#refused = [...this.#refused, { userName: fold(userName), at: now }].slice(-MAX_KEPT);
    this.#paidUntil = Math.min(Math.max(this.#paidUntil, now) + PACE_MS, now + BURST * PACE_MS);
  }

  /** The same credentials were refused for this session before: no guess, but a desktop that was left open. */
  isKnownWrong(sessionId: string, credentials: Credentials): boolean {
    return this.#digests.has(this.#digest(sessionId, credentials));
  }

  noteWrong(sessionId: string, credentials: Credentials): void {
    keep(this.#digests, this.#digest(sessionId, credentials));
    this.noteRefused(credentials);
  }

  #digest(sessionId: string, { userName, password }: Credentials): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([sessionId, userName, password.reveal()]))
      .digest('base64');
  }
}

/** Accounts are commonly the same whatever the case and the form of the letters. */
function fold(userName: string): string {
  return userName.normalize('NFKC').toLowerCase().trim();
}

/** Drops the oldest beyond what is kept. */
function keep(set: Set<string>, value: string): void {
  set.delete(value);
  set.add(value);
  const [oldest] = set;
  if (set.size > MAX_KEPT && oldest !== undefined) set.delete(oldest);
}
