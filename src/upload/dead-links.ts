import { fullJitter, type Random } from '../lib/backoff';
import type { Clock } from '../lib/clock';
import { BACKOFF } from './wait-times';

export interface DeadLink {
  readonly reason: string;
  /** Of `Clock.steady`. */
  readonly since: number;
  /** When it is tried again; of `Clock.steady`. */
  readonly until: number;
}

/**
 * Servers there was no way to at the last try. What was to be sent there keeps its order and is charged with nothing, and what goes to
 * another server does not wait for it.
 */
export class DeadLinks {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #links = new Map<string, { readonly link: DeadLink; readonly failures: number }>();

  constructor({ clock, random }: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = clock;
    this.#random = random;
  }

  of(server: string): DeadLink | undefined {
    return this.#links.get(server)?.link;
  }

  noteDown(server: string, reason: string): void {
    const now = this.#clock.steady();
    const known = this.#links.get(server);
    const failures = known?.failures ?? 0;
    const since = known?.link.since ?? now;
    const until = now + fullJitter(failures, BACKOFF, this.#random);
    this.#links.set(server, { link: { reason, since, until }, failures: failures + 1 });
  }

  noteUp(server: string): void {
    this.#links.delete(server);
  }

  /** Something changed, or a person asked: all of them may be tried at once. */
  tryNow(): void {
    for (const [server, { link }] of this.#links) this.#links.set(server, { link: { ...link, until: 0 }, failures: 0 });
  }

  /** Nothing is known of them any more. */
  clear(): void {
    this.#links.clear();
  }
}
