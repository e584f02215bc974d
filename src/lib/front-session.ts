import { Emitter, type Unsubscribe } from '../shared/emitter';
import { describeError } from '../shared/errors';
import { holdingTimers, type Timer, type Timers } from './clock';
import { withDeadline } from './deadline';
import type { Logger } from './logger';

const LOOK_EVERY_MS = 2_000;
const LOOK_DEADLINE_MS = 1_000;

/** `locked`: what is in front of this session is a greeter or a lock screen, nobody else's session. */
export type SessionPlace = 'front' | 'locked' | 'background';

/** Where this user's session is. `undefined`: the system does not tell. */
export type LookAtSession = () => Promise<SessionPlace | undefined>;

export interface FrontSessionDeps {
  /** Asked every 2 s; absent where the system tells by events alone, or not at all. */
  readonly look?: LookAtSession | undefined;
  readonly timers: Timers;
  readonly log: Logger;
}

/**
 * Of several people who are signed in to one computer, one sits in front of it: is it this user? Where nothing tells, always yes.
 * - A look that fails or takes longer than 1 s changes nothing.
 * - A greeter in front takes nobody's place: whoever was in front still is, with a locked screen; whoever was not is still not.
 */
export class FrontSession {
  readonly #deps: FrontSessionDeps;
  readonly #changes = new Emitter<boolean>();
  readonly #locks = new Emitter<boolean>();
  #isInFront = true;
  #isLocked = false;
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

  /** While this session is the one in front: its screen is locked, or no longer. */
  onLock(listener: (isLocked: boolean) => void): Unsubscribe {
    return this.#locks.subscribe(listener);
  }

  /** What the system says. */
  set(place: SessionPlace): void {
    if (this.#isStopped) return;
    const wasLocked = this.#isLocked;
    this.#isLocked = place === 'locked';
    if (this.#isInFront && place !== 'background' && this.#isLocked !== wasLocked) this.#locks.emit(this.#isLocked);
    if (place !== 'locked') this.#setInFront(place === 'front');
  }

  #setInFront(isInFront: boolean): void {
    if (isInFront === this.#isInFront) return;
    this.#isInFront = isInFront;
    this.#deps.log.info('another session of this computer is in front, or this one again', { isInFront });
    this.#changes.emit(isInFront);
  }

  async #lookAndGoOn(look: LookAtSession): Promise<void> {
    const { timers, log } = this.#deps;
    try {
      const tooLate = (): Error => new Error('the system did not answer in time');
      this.set((await withDeadline(holdingTimers, { ms: LOOK_DEADLINE_MS, tooLate }, look)) ?? 'front');
    } catch (error) {
      log.debug('which session is in front could not be asked', { reason: describeError(error) });
    }
    if (this.#isStopped) return;
    this.#timer = timers.after(LOOK_EVERY_MS, () => void this.#lookAndGoOn(look));
  }
}
