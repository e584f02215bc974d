import { Emitter, type Unsubscribe } from '../shared/emitter';
import { describeError } from '../shared/errors';
import { holdingTimers, type Timer, type Timers } from './clock';
import { withDeadline } from './deadline';
import type { Logger } from './logger';

const LOOK_EVERY_MS = 2_000;
const LOOK_DEADLINE_MS = 1_000;

/** Whether this user's session is the one in front. `undefined`: the system does not tell. */
export type LookAtSession = () => Promise<boolean | undefined>;

export interface FrontSessionDeps {
  /** Asked every 2 s; absent where the system tells by events alone, or not at all. */
  readonly look?: LookAtSession | undefined;
  readonly timers: Timers;
  readonly log: Logger;
}

/**
 * Of several people who are signed in to one computer, one sits in front of it: is it this user? Where nothing tells, always yes.
 * A look that fails or takes longer than 1 s changes nothing.
 */
export class FrontSession {
  readonly #deps: FrontSessionDeps;
  readonly #changes = new Emitter<boolean>();
  #isInFront = true;
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(deps: FrontSessionDeps) {
    this.#deps = deps;
  }

  get isInFront(): boolean {
    return this.#isInFront;
  }

  /** Resolves after the first look, so that nothing begins in the background. */
  async start(): Promise<void> {
    const { look } = this.#deps;
    if (look !== undefined) await this.#lookAndGoOn(look);
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  onChange(listener: (isInFront: boolean) => void): Unsubscribe {
    return this.#changes.subscribe(listener);
  }

  /** What an event of the system says. */
  set(isInFront: boolean): void {
    if (this.#isStopped || isInFront === this.#isInFront) return;
    this.#isInFront = isInFront;
    this.#deps.log.info('another session of this computer is in front, or this one again', { isInFront });
    this.#changes.emit(isInFront);
  }

  async #lookAndGoOn(look: LookAtSession): Promise<void> {
    const { timers, log } = this.#deps;
    try {
      const tooLate = (): Error => new Error('the system did not answer in time');
      this.set((await withDeadline(holdingTimers, { ms: LOOK_DEADLINE_MS, tooLate }, look)) ?? true);
    } catch (error) {
      log.debug('which session is in front could not be asked', { reason: describeError(error) });
    }
    if (this.#isStopped) return;
    this.#timer = timers.after(LOOK_EVERY_MS, () => void this.#lookAndGoOn(look));
  }
}
