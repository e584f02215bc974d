import type { Timers } from '../../src/desktop-client';

/** Intervals that fire when a test says so. */
export class FakeTimers implements Timers {
  readonly #callbacks = new Set<() => void>();
  #now = Date.UTC(2026, 0, 5, 8, 0, 0);

  get running(): number {
    return this.#callbacks.size;
  }

  every(_ms: number, callback: () => void): () => void {
    this.#callbacks.add(callback);
    return () => this.#callbacks.delete(callback);
  }

  now(): Date {
    return new Date(this.#now);
  }

  /** One interval passes. */
  tick(seconds = 20): void {
    this.#now += seconds * 1000;
    for (const callback of [...this.#callbacks]) callback();
  }
}
