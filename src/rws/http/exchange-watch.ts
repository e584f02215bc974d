import type { Clock, Timer } from '../../lib/clock';
import { AppError } from '../../shared/errors';
import { RwsError } from '../../shared/rws-error';
import type { ExchangeRequest } from './exchange';

/** The idle and total deadlines of one request, and the caller's signal, as one signal. */
export class ExchangeWatch {
  readonly #clock: Clock;
  readonly #request: ExchangeRequest;
  readonly #caller: AbortSignal | undefined;
  readonly #controller = new AbortController();
  readonly #onCallerAbort = (): void => this.#controller.abort();
  readonly #stopTotal: () => void;
  #stopIdle: () => void = () => undefined;
  #timedOut: string | undefined;
  #bodyFault: Error | undefined;
  #isOver = false;

  constructor(clock: Clock, request: ExchangeRequest, caller: AbortSignal | undefined) {
    this.#clock = clock;
    this.#request = request;
    this.#caller = caller;
    caller?.addEventListener('abort', this.#onCallerAbort, { once: true });
    this.#stopTotal = request.totalTimeoutMs === undefined ? () => undefined : this.#arm(request.totalTimeoutMs);
    this.touch();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  after(ms: number, callback: () => void): Timer {
    return this.#clock.after(ms, callback);
  }

  /** Something moved on the wire. */
  touch(): void {
    if (this.#isOver) return; // A piece that was on its way when the answer came.
    this.#stopIdle();
    this.#stopIdle = this.#arm(this.#request.idleTimeoutMs);
  }

  end(): void {
    this.#isOver = true;
    this.#stopIdle();
    this.#stopTotal();
    this.#caller?.removeEventListener('abort', this.#onCallerAbort);
  }

  /** What was to be sent could not be read: the network has no part in that. */
  noteBodyFault(error: Error): void {
    this.#bodyFault ??= error;
    this.#controller.abort(); // Nobody may listen to the body yet.
  }

  get bodyFault(): Error | undefined {
    return this.#bodyFault;
  }

  /** The error when it was the caller, the body or a deadline that ended the request. */
  explain(): Error | undefined {
    if (this.#caller?.aborted) return toAborted(this.#caller);
    if (this.#bodyFault !== undefined) return this.#bodyFault;
    if (this.#timedOut === undefined) return undefined;
    const { host } = new URL(this.#request.server);
    return new RwsError({ kind: 'unavailable', statusMessage: `${host} did not answer within ${this.#timedOut} s.` });
  }

  #arm(ms: number): () => void {
    const timer = this.#clock.after(ms, () => {
      this.#timedOut = String(Math.round(ms / 100) / 10);
      this.#controller.abort();
    });
    return () => timer.cancel();
  }
}

export function toAborted(signal: AbortSignal): AppError {
  return new AppError('aborted', 'The request to RWS was cancelled.', { cause: signal.reason });
}
