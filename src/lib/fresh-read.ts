/**
 * Shares reads between callers who all need what is so now: whoever asks while one runs gets the next one, which begins after they asked.
 * So there is at most one at a time, however many ask.
 */
export class FreshRead<T> {
  readonly #read: () => Promise<T>;
  #running: Promise<T> | undefined;
  #next: Promise<T> | undefined;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  get(): Promise<T> {
    if (this.#running === undefined) return this.#start();
    const start = (): Promise<T> => {
      this.#next = undefined;
      return this.#start();
    };
    return (this.#next ??= this.#running.then(start, start));
  }

  #start(): Promise<T> {
    const run = this.#read().finally(() => {
      if (this.#running === run) this.#running = undefined;
    });
    return (this.#running = run);
  }
}
