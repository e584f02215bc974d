import { isAppError } from '../shared/errors';
import type { Timer, Timers } from './clock';

interface DeadlineParts {
  readonly ms?: number | undefined;
  readonly parent?: AbortSignal | undefined;
  readonly onLate?: () => void;
}

/** The limit of one operation: a signal that fires when its time is over or the caller's own signal does, and `end`, which cleans up. */
export class Deadline {
  readonly #timers: Timers;
  readonly #parent: AbortSignal | undefined;
  readonly #controller = new AbortController();
  readonly #onParentAbort = (): void => this.abort(this.#parent?.reason);
  #timer: Timer | undefined;
  #isLate = false;
  readonly #onLate: () => void;

  /** Without `ms` no time runs, until `restart`. */
  constructor(timers: Timers, { ms, parent, onLate = () => undefined }: DeadlineParts) {
    this.#timers = timers;
    this.#parent = parent;
    this.#onLate = onLate;
    parent?.addEventListener('abort', this.#onParentAbort, { once: true });
    if (parent?.aborted) this.#onParentAbort();
    if (ms !== undefined) this.restart(ms);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Is the time over? */
  get isLate(): boolean {
    return this.#isLate;
  }

  restart(ms: number): void {
    this.#timer?.cancel();
    this.#timer = this.#timers.after(Math.max(0, ms), () => {
      this.#isLate = true;
      this.#controller.abort();
      this.#onLate();
    });
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason);
  }

  /** No time runs any more, and the caller's signal is let go. */
  end(): void {
    this.#timer?.cancel();
    this.#parent?.removeEventListener('abort', this.#onParentAbort);
  }
}

export interface DeadlineOptions {
  readonly ms: number;
  readonly tooLate: () => Error;
  readonly parent?: AbortSignal | undefined;
  /** What a task that heeds its signal may take to leave nothing half done behind. Default: none. */
  readonly graceMs?: number;
}

/**
 * Runs a task that must end within `ms`. The task's signal fires then, or when `parent` does; a task that ignores it is left behind after
 * the grace. Throws `tooLate()` for the deadline, else what the task throws.
 */
export async function withDeadline<T>(
  timers: Timers,
  { ms, tooLate, parent, graceMs = 0 }: DeadlineOptions,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  let leave: () => void = () => undefined;
  const leftBehind = new Promise<never>((_resolve, reject) => (leave = () => reject(tooLate())));
  let grace: Timer | undefined;
  const onLate = (): void => {
    if (graceMs === 0) leave();
    else grace = timers.after(graceMs, leave);
  };
  const deadline = new Deadline(timers, { ms, parent, onLate });
  try {
    return await Promise.race([task(deadline.signal), leftBehind]);
  } catch (error) {
    throw deadline.isLate && isAppError(error, 'aborted') ? tooLate() : error;
  } finally {
    grace?.cancel();
    deadline.end();
  }
}

/** Waits for the task, but no longer than `ms`; it goes on then. @returns whether it ended in time. Throws what the task throws. */
export async function endsWithin(timers: Timers, ms: number, task: Promise<unknown>): Promise<boolean> {
  const late = new Error('late');
  try {
    await withDeadline(timers, { ms, tooLate: () => late }, () => task);
    return true;
  } catch (error) {
    if (error === late) return false;
    throw error;
  }
}
