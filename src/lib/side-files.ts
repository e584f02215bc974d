import { describeError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import type { Clock, Timer } from './clock';
import { isDiskFull } from './disk-full';
import type { Logger } from './logger';
import { errnoOf } from './errno-of';

export interface SideFilesDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly problems: ProblemReporter;
}

const RETRY_MS = 3_000;

interface Unwritten {
  readonly write: () => Promise<void>;
  readonly error: unknown;
}

/**
 * Files that lie beside the work, for other programs or for the next start. INVARIANT: none of them decides whether the service runs; one that cannot
 * be written is shown as a problem and tried again until it can.
 */
export class SideFiles {
  readonly #deps: SideFilesDeps;
  readonly #unwritten = new Map<string, Unwritten>();
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(deps: SideFilesDeps) {
    this.#deps = deps;
  }

  /** Writes it now, or later. Never rejects. @param name as a person is told it */
  async keep(name: string, write: () => Promise<void>): Promise<void> {
    await this.#try(name, write);
    this.#show();
  }

  /** No longer wanted. */
  drop(name: string): void {
    if (this.#unwritten.delete(name)) this.#show();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  async #try(name: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
      if (this.#unwritten.delete(name)) this.#deps.log.info('a file could be written at last', { name });
    } catch (error) {
      if (!this.#unwritten.has(name))
        this.#deps.log.warn('a file could not be written: tried again', { name, reason: describeError(error) });
      this.#unwritten.set(name, { write, error });
    }
  }

  async #tryAll(): Promise<void> {
    for (const [name, { write }] of [...this.#unwritten]) {
      if (!this.#isStopped && this.#unwritten.has(name)) await this.#try(name, write);
    }
    this.#show();
  }

  #show(): void {
    this.#timer?.cancel();
    const [first] = this.#unwritten.values();
    if (first === undefined) return this.#deps.problems.clear('filesNotWritten');
    if (!this.#isStopped) this.#timer = this.#deps.clock.after(RETRY_MS, () => void this.#tryAll());
    this.#deps.problems.raise('filesNotWritten', {
      names: [...this.#unwritten.keys()],
      errno: errnoOf(first.error) ?? 'unknown error',
      isDiskFull: isDiskFull(first.error),
    });
  }
}
