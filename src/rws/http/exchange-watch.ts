import type { Clock, Timer } from '../../lib/clock';
import { Deadline } from '../../lib/deadline';
import { AppError } from '../../shared/errors';
import { RwsError } from '../../shared/rws-error';

export interface ExchangeLimits {
  /** Of silence, both ways; the wait for the answer's headers counts. */
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs?: number;
}

/** The idle and total deadlines of one request, and the caller's signal, as one signal. */
export class ExchangeWatch {
  readonly #clock: Clock;
  readonly #limits: ExchangeLimits & { readonly server: string };
  readonly #caller: AbortSignal | undefined;
  readonly #total: Deadline;
  readonly #idle: Deadline;
  #bodyFault: Error | undefined;
  #isOver = false;

  constructor(clock: Clock, limits: ExchangeLimits & { readonly server: string }, caller: AbortSignal | undefined) {
    this.#clock = clock;
    this.#limits = limits;
    this.#caller = caller;
    this.#total = new Deadline(clock, { ms: limits.totalTimeoutMs, parent: caller });
    this.#idle = new Deadline(clock, { ms: limits.idleTimeoutMs, parent: this.#total.signal });
  }

  get signal(): AbortSignal {
    return this.#idle.signal;
  }

  after(ms: number, callback: () => void): Timer {
    return this.#clock.after(ms, callback);
  }

  /** Something moved on the wire. */
  touch(): void {
    if (this.#isOver) return; // A piece that was on its way when the answer came.
    this.#idle.restart(this.#limits.idleTimeoutMs);
  }

  end(): void {
    this.#isOver = true;
    this.#idle.end();
    this.#total.end();
  }

  /** What was to be sent could not be read: the network has no part in that. */
  noteBodyFault(error: Error): void {
    this.#bodyFault ??= error;
    this.#idle.abort(); // Nobody may listen to the body yet.
  }

  get bodyFault(): Error | undefined {
    return this.#bodyFault;
  }

  /** The error when it was the caller, the body or a deadline that ended the request. */
  explain(): Error | undefined {
    if (this.#caller?.aborted) return toAborted(this.#caller);
    if (this.#bodyFault !== undefined) return this.#bodyFault;
    if (!this.#idle.isLate && !this.#total.isLate) return undefined;
    const { server, idleTimeoutMs, totalTimeoutMs } = this.#limits;
    const ms = this.#total.isLate ? (totalTimeoutMs ?? idleTimeoutMs) : idleTimeoutMs;
    const { host } = new URL(server);
    return new RwsError({ kind: 'unavailable', statusMessage: `${host} did not answer within ${Math.round(ms / 100) / 10} s.` });
  }
}

export function toAborted(signal: AbortSignal): AppError {
  return new AppError('aborted', 'The request to RWS was cancelled.', { cause: signal.reason });
}
