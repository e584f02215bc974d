import type { Clock, Timer } from './clock';

/** Timers by name; setting one again replaces it. */
export class NamedTimers<Name extends string> {
  readonly #clock: Clock;
  readonly #onDue: (name: Name) => void;
  readonly #timers = new Map<Name, Timer>();

  constructor(clock: Clock, onDue: (name: Name) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  set(name: Name, ms: number): void {
    this.clear(name);
    const timer = this.#clock.after(ms, () => {
      this.#timers.delete(name);
      this.#onDue(name);
    });
    this.#timers.set(name, timer);
  }

  clear(name: Name): void {
    this.#timers.get(name)?.cancel();
    this.#timers.delete(name);
  }

  clearAll(): void {
    for (const name of [...this.#timers.keys()]) this.clear(name);
  }
}
