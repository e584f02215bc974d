import type { Clock, Timer } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { Serial } from '../lib/serial';
import { describeError } from '../shared/errors';
import { raiseAs, type ProblemReporter } from '../shared/problems';
import type { ProblemCode } from '../shared/problem-catalogue';
import { CaptureError } from '../screen/errors';
import { toFailure } from './failure';
import { meanwhile } from './recorder-effects';
import type { ScreenCapture } from '../screen/ports';

/** Waits before the capture is warmed again, by how often it was lost or did not come up. The last one stays. */
const DELAYS_MS = [1000, 2000, 5000, 15_000, 30_000, 60_000];
/** So often in a row is no mishap any more: a person is told. */
const TRIES_UNTIL_SHOWN = 3;
/** A capture that stays warm for so long works again. */
const STEADY_MS = 30_000;
const LOST = new CaptureError('crashed', 'The capture page is gone');

export interface WarmKeeperDeps {
  readonly capture: ScreenCapture;
  readonly captureTurns: Serial;
  readonly clock: Clock;
  readonly log: Logger;
  readonly problems: ProblemReporter;
  /** A recording says itself what it meets. */
  readonly isRecording: () => boolean;
}

/** Keeps the capture warm as long as that is wanted: when it does not come up, or is lost, it is warmed again after a while. */
export class WarmKeeper {
  readonly #deps: WarmKeeperDeps;
  #isWanted = false;
  #isWarming = false;
  #isLost = false;
  #tries = 0;
  #again: Timer | undefined;
  #steady: Timer | undefined;
  #shown: ProblemCode | undefined;

  constructor(deps: WarmKeeperDeps) {
    this.#deps = deps;
    deps.capture.onLost(() => this.#lost());
  }

  get isWanted(): boolean {
    return this.#isWanted;
  }

  /** Resolves when the first try is over, however it went. */
  async keep(): Promise<void> {
    this.#isWanted = true;
    if (this.#again === undefined) await this.#warm();
  }

  release(): void {
    this.#isWanted = false;
    this.#tries = 0;
    this.#cancel();
    this.#clear();
  }

  /** Somebody else has shown or cleared this problem: it is theirs from now on. */
  yields(code: ProblemCode): void {
    if (this.#shown === code) this.#shown = undefined;
  }

  async #warm(): Promise<void> {
    await this.#deps.captureTurns.run(async () => {
      if (!this.#isWanted) return;
      this.#isWarming = true;
      this.#isLost = false;
      try {
        await this.#deps.capture.warm();
        this.#warmed();
      } catch (error) {
        this.#failed(error);
      } finally {
        this.#isWarming = false;
      }
    });
  }

  #warmed(): void {
    if (!this.#isWanted) return;
    if (this.#isLost) return this.#failed(LOST);
    this.#steady?.cancel();
    this.#steady = this.#deps.clock.after(STEADY_MS, () => {
      this.#tries = 0;
      this.#clear();
    });
  }

  #lost(): void {
    if (this.#isWarming) this.#isLost = true;
    else this.#failed(LOST);
  }

  #failed(error: unknown): void {
    if (!this.#isWanted || this.#again !== undefined) return;
    const { clock, log, problems, isRecording } = this.#deps;
    this.#cancel();
    const ms = DELAYS_MS[Math.min(this.#tries, DELAYS_MS.length - 1)]!;
    this.#tries += 1;
    log.warn('the capture is not warm: tried again', { reason: describeError(error), tries: this.#tries, ms });
    if (this.#tries >= TRIES_UNTIL_SHOWN && !isRecording()) {
      const problem = meanwhile(toFailure(error));
      if (this.#shown !== problem.code) this.#clear();
      this.#shown = problem.code;
      raiseAs(problems, problem);
    }
    this.#again = clock.after(ms, () => {
      this.#again = undefined;
      void this.#warm();
    });
  }

  #cancel(): void {
    this.#again?.cancel();
    this.#steady?.cancel();
    this.#again = this.#steady = undefined;
  }

  #clear(): void {
    if (this.#shown !== undefined) this.#deps.problems.clear(this.#shown);
    this.#shown = undefined;
  }
}
