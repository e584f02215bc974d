import type { Clock } from '../lib/clock';

const MIB = 1024 * 1024;
const SMALLEST = 1024;
/** A limit may be raised while we run. */
const FORGOTTEN_AFTER_MS = 3_600_000;

interface Known {
  readonly bytes: number;
  readonly until: number;
}

/** How large a body may be on the way to a server, as its 413s have shown: a proxy may take 1 MiB where RWS takes more. */
export class PieceSizes {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In bytes; infinite when nothing was refused lately. */
  of(server: string): number {
    const known = this.#known.get(server);
    const leftMs = known === undefined ? 0 : known.until - this.#clock.steady();
    return known !== undefined && leftMs > 0 && leftMs <= FORGOTTEN_AFTER_MS ? known.bytes : Infinity;
  }

  /** @returns whether there is a smaller size to try: when the smallest is refused too, it was not the size */
  noteRefused(server: string, bytes: number): boolean {
    const smaller = bytes > MIB ? MIB : Math.max(SMALLEST, Math.floor(bytes / 4));
    if (bytes <= SMALLEST) {
      this.#known.delete(server);
      return false;
    }
    this.#known.set(server, { bytes: smaller, until: this.#clock.steady() + FORGOTTEN_AFTER_MS });
    return true;
  }
}
