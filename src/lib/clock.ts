import { SteadyTime } from './steady-time';

/** A timer that can be taken back. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

export interface Timers {
  /** Calls `callback` once after `ms` milliseconds. */
  after(ms: number, callback: () => void): Timer;
}

/** Time as the product sees it, so that tests can hold it. */
export interface Clock extends Timers {
  /** Epoch milliseconds, for stamps. The clock of a computer may be set, back as well: never for durations. */
  now(): number;
  /**
   * Milliseconds that only go on, at the pace of time, through sleep too: for durations and deadlines. They begin as epoch milliseconds and
   * stay near them as long as the clock is not set.
   */
  steady(): number;
  /** Calls `callback` once after `ms` milliseconds, however many. Does not keep the process alive. */
  after(ms: number, callback: () => void): Timer;
}

/** What setTimeout can hold: beyond, it fires at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

export class SystemClock implements Clock {
  readonly #startedAt = Date.now();
  readonly #time = new SteadyTime();

  now(): number {
    return Date.now();
  }

  steady(): number {
    return this.#startedAt + this.#time.passed;
  }

  after(ms: number, callback: () => void): Timer {
    let handle: NodeJS.Timeout;
    const arm = (left: number): void => {
      const step = Math.min(left, MAX_TIMEOUT_MS);
      handle = setTimeout(() => (left > step ? arm(left - step) : callback()), step);
      handle.unref();
    };
    arm(ms);
    return { cancel: () => clearTimeout(handle) };
  }
}

/** Timers that keep the process alive, for waits that nothing else may keep it alive for. */
export const holdingTimers: Timers = {
  after: (ms, callback) => {
    const handle = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(handle) };
  },
};

/** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
export function delay(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason as Error);
    };
    const timer = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** ISO 8601 in UTC, as snapshots carry times. */
export function isoNow(clock: Clock): string {
  return new Date(clock.now()).toISOString();
}

/** Clocks drift a little against each other without anybody setting them. */
const DRIFT_MS = 2_000;

/** A difference between two clocks as far as somebody set one: 0 for what is drift, else in whole seconds, so that what is shown stands still. */
export function setBy(differenceMs: number): number {
  return Math.abs(differenceMs) < DRIFT_MS ? 0 : Math.round(differenceMs / 1000) * 1000;
}
