import type { Clock, Timer } from '../../lib/clock';

/** A wait that can be cut short, or ended for good. */
export class CuttableWait {
  readonly #clock: Clock;
  readonly #pending = new Map<Timer, (isOver: boolean) => void>();
  #isEnded = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves with `false` when the time is up or the wait was cut, with `true` when `end` was called. */
  for(ms: number): Promise<boolean> {
    if (this.#isEnded) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = this.#clock.after(ms, () => {
        this.#pending.delete(timer);
        resolve(false);
      });
      this.#pending.set(timer, resolve);
    });
  }

  /** `true` when somebody was waiting. */
  cut(): boolean {
    return this.#release(false);
  }

  end(): void {
    this.#isEnded = true;
    this.#release(true);
  }

  #release(isOver: boolean): boolean {
    const waiting = [...this.#pending];
    this.#pending.clear();
    for (const [timer, resolve] of waiting) {
      timer.cancel();
      resolve(isOver);
    }
    return waiting.length > 0;
  }
}
