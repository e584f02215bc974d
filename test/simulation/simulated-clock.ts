import type { Clock, Timer } from '../../src/lib/clock';

interface Due {
  readonly at: number;
  readonly callback: () => void;
}

/** Time of the whole simulated world: goes on only when told to, and may be set. */
export class SimulatedClock implements Clock {
  #steady = Date.UTC(2026, 0, 5, 8);
  #setBy = 0;
  readonly #due = new Set<Due>();

  now(): number {
    return this.#steady + this.#setBy;
  }

  steady(): number {
    return this.#steady;
  }

  step(ms: number): void {
    this.#setBy += ms;
  }

  after(ms: number, callback: () => void): Timer {
    const due = { at: this.#steady + Math.max(0, ms), callback };
    this.#due.add(due);
    return { cancel: () => this.#due.delete(due) };
  }

  async advance(ms: number): Promise<void> {
    const end = this.#steady + ms;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#due.delete(next);
      this.#steady = Math.max(this.#steady, next.at);
      next.callback();
      await settle();
    }
    this.#steady = end;
  }

  #next(end: number): Due | undefined {
    let first: Due | undefined;
    for (const due of this.#due) if (due.at <= end && (first === undefined || due.at < first.at)) first = due;
    return first;
  }
}

/** The simulated parts answer in microtasks, which all run before the next turn. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
