import { setBy, type Clock, type Timer } from '../lib/clock';

/**
 * The time of one recording: what the computer's clock showed when it began, and from there on what passes, whatever that clock is set
 * to meanwhile. So its stamps never run backwards, and differ by what really passed.
 */
export class RecordingClock implements Clock {
  readonly #clock: Clock;
  #ahead = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.begin();
  }

  /** Takes the computer's time; only while nothing is recorded or being finished. */
  begin(): void {
    this.#ahead = this.#clock.now() - this.#clock.steady();
  }

  now(): number {
    return Math.round(this.#clock.steady() + this.#ahead);
  }

  steady(): number {
    return this.#clock.steady();
  }

  after(ms: number, callback: () => void): Timer {
    return this.#clock.after(ms, callback);
  }

  /** How far the computer's clock was set since, in milliseconds: for what people read beside it. */
  get setBy(): number {
    return setBy(this.#clock.now() - this.now());
  }
}
