import type { Clock, Timer } from '../lib/clock';
import type { KeychainSight, LookAtKeychain } from './ports';

export interface KeychainWatchDeps {
  readonly clock: Clock;
  readonly look: LookAtKeychain;
  /** It has changed since it could not be used, or nothing tells and it is time for another try. The watch is over then. */
  readonly onChange: (sight: KeychainSight) => void;
}

const LOOK_EVERY_MS = 5000;
/** Where a look does not tell whether a call would succeed: seldom, for each try may show a person a question. */
const RETRY_AFTER_LOOKS = 60;

/** Looks at a keychain that could not be used, without disturbing anybody, until it has changed. */
export class KeychainWatch {
  readonly #deps: KeychainWatchDeps;
  #before: KeychainSight | undefined;
  #looksLeft = 0;
  #timer: Timer | undefined;

  constructor(deps: KeychainWatchDeps) {
    this.#deps = deps;
  }

  /** @param sight how it looked when it could not be used */
  start(sight: KeychainSight): void {
    this.#looksLeft = RETRY_AFTER_LOOKS;
    this.#before = sight;
    this.#schedule();
  }

  /** Somebody did something about it: counts as a change where a look tells nothing. */
  async lookNow(): Promise<void> {
    this.#looksLeft = 0;
    await this.#check();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#before = undefined;
  }

  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = this.#deps.clock.after(LOOK_EVERY_MS, () => void this.#check());
  }

  async #check(): Promise<void> {
    const sight = await this.#deps.look();
    const before = this.#before;
    if (before === undefined) return;
    this.#looksLeft -= 1;
    const isDue = (sight.status === 'open' || sight.status === 'unknown') && this.#looksLeft <= 0;
    if (sight.mark === before.mark && !isDue) return this.#schedule();
    this.stop();
    this.#deps.onChange(sight);
  }
}
