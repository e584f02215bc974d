import type { Clock, Timer } from '../../src/lib/clock';

interface Due {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now: number;
  #setBy = 0;
  readonly #due = new Set<Due>();

  constructor(startMs = Date.UTC(2026, 0, 5, 8, 0, 0)) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now + this.#setBy;
  }

  steady(): number {
    return this.#now;
  }

  /** Somebody sets the clock: no time passes. */
  set(epochMs: number): void {
    this.#setBy = epochMs - this.#now;
  }

  after(ms: number, callback: () => void): Timer {
    const entry = { at: this.#now + ms, callback };
    this.#due.add(entry);
    return { cancel: () => this.#due.delete(entry) };
  }

  get pendingTimers(): number {
    return this.#due.size;
  }

  /** Moves time on, firing what falls due in its order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const next = [...this.#due].filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#due.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets every promise that can settle without outside help do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
