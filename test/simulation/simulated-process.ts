import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock, Timer } from '../../src/lib/clock';
import type { SeededRandom } from './random';
import type { FileOutside } from './simulated-disk';

const current = new AsyncLocalStorage<SimulatedProcess>();

/** One life of the program: after a kill nothing that it began goes on, and nothing reaches it. */
export class SimulatedProcess implements Clock {
  isAlive = true;
  readonly disk: FileOutside;
  readonly random: SeededRandom;
  readonly #clock: Clock;
  readonly #timers = new Set<string>();
  #count = 0;
  #operationsLeft = Infinity;
  #onDeath: () => void = () => undefined;

  constructor(clock: Clock, disk: FileOutside, random: SeededRandom) {
    this.#clock = clock;
    this.disk = disk;
    this.random = random;
  }

  static get current(): SimulatedProcess {
    const process = current.getStore();
    if (process === undefined) throw new Error('no simulated process is running');
    return process;
  }

  /** Anything from outside comes in through here. */
  run<T>(task: () => T): T | undefined {
    return this.isAlive ? current.run(this, task) : undefined;
  }

  /** The answer of something outside: never, once the process is dead. */
  async answer<T>(task: () => T): Promise<T> {
    await this.lives();
    return task();
  }

  /** Is killed at this file operation from now on, before or after it is done. */
  dieAt(operation: number, onDeath: () => void): void {
    this.#operationsLeft = operation;
    this.#onDeath = onDeath;
  }

  /** Each file operation goes through here. */
  operate<T>(task: () => T): T | undefined {
    this.#operationsLeft -= 1;
    if (this.#operationsLeft !== 0) return task();
    try {
      return this.random.chance(0.5) ? task() : undefined;
    } finally {
      this.#onDeath();
    }
  }

  async lives(): Promise<void> {
    if (!this.isAlive) await new Promise<never>(() => undefined);
  }

  now(): number {
    return this.#clock.now();
  }

  steady(): number {
    return this.#clock.steady();
  }

  after(ms: number, callback: () => void): Timer {
    const name = `${(this.#count += 1)}: ${ms} ms`;
    this.#timers.add(name);
    const timer = this.#clock.after(ms, () => {
      this.#timers.delete(name);
      this.run(callback);
    });
    return {
      cancel: () => {
        this.#timers.delete(name);
        timer.cancel();
      },
    };
  }

  get timers(): readonly string[] {
    return [...this.#timers];
  }
}
