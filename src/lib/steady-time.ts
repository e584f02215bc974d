import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';

/** What the system counts, in milliseconds. */
export interface TimeSources {
  /** Never set; where the processor sleeps it may stand. */
  readonly monotonic: () => number;
  /** Since the computer was started, sleep included; coarse. */
  readonly uptime: () => number;
}

/** Uptime comes in steps of up to a second, on macOS: a difference below says nothing. */
const SLEPT_MS = 2_500;

/** Time that passes, whatever the computer's clock is set to: for durations. Sleep counts. */
export class SteadyTime {
  readonly #sources: TimeSources;
  #monotonic: number;
  #uptime: number;
  #passed = 0;

  constructor(sources: TimeSources = SYSTEM) {
    this.#sources = sources;
    this.#monotonic = sources.monotonic();
    this.#uptime = sources.uptime();
  }

  /** Milliseconds since this was made. */
  get passed(): number {
    const monotonic = this.#sources.monotonic();
    const up = this.#sources.uptime();
    const ran = Math.max(0, monotonic - this.#monotonic);
    const counted = up - this.#uptime;
    this.#passed += counted - ran > SLEPT_MS ? counted : ran;
    this.#monotonic = monotonic;
    this.#uptime = up;
    return this.#passed;
  }
}

const SYSTEM: TimeSources = {
  monotonic: () => performance.now(),
  uptime: () => {
    try {
      return uptime() * 1000;
    } catch {
      return 0; // Sandboxes may hide it: then sleep does not count.
    }
  },
};
