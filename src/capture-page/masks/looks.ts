import type { PageLooked } from '../../shared/capture-contract';

export type Cover = PageLooked['cover'];

/** Longer than the host gives the system: a host that is silent does not know the windows. */
const ANSWER_TIMEOUT_MS = 2500;
/** More than lie between two frames. */
const KEPT = 256;

/** The host's looks at the windows, as far as this page has heard of them. Times are by `performance.now()`. */
export class Looks {
  readonly #ask: (ask: number, since: number | undefined) => void;
  readonly #waiting = new Map<number, (cover: Cover) => void>();
  /** When the answer came: the look was over by then. */
  readonly #over: { readonly look: number; readonly at: number }[] = [];
  #asked = 0;

  constructor(ask: (ask: number, since: number | undefined) => void) {
    this.#ask = ask;
  }

  /** The last look that was over at that time; `undefined`: none is known to have been. */
  before(time: number): number | undefined {
    return this.#over.findLast(({ at }) => at <= time)?.look;
  }

  /** What is to be covered between a look and one that begins now. Nothing is known without an answer in time. */
  cover(since: number | undefined): Promise<Cover> {
    const ask = (this.#asked += 1);
    return new Promise((resolve) => {
      const settle = (cover: Cover): void => {
        clearTimeout(timer);
        this.#waiting.delete(ask);
        resolve(cover);
      };
      const timer = setTimeout(() => settle('all'), ANSWER_TIMEOUT_MS);
      this.#waiting.set(ask, settle);
      this.#ask(ask, since);
    });
  }

  answered({ ask, look, cover }: PageLooked): void {
    const settle = this.#waiting.get(ask);
    if (settle === undefined) return; // too late
    this.#over.push({ look, at: performance.now() });
    if (this.#over.length > KEPT) this.#over.shift();
    settle(cover);
  }
}
