import { inspect } from 'node:util';
import { timingSafeEqual, createHash } from 'node:crypto';

const REDACTED = '[redacted]';

/** A value that cannot be printed by accident: strings, JSON and inspection show `[redacted]`. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one call that needs it. */
  reveal(): string {
    return this.#value;
  }

  /** Compares in constant time, whatever the lengths. */
  equals(other: Secret): boolean {
    const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
    return timingSafeEqual(digest(this.#value), digest(other.#value));
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}
