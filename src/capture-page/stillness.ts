import type { DisplaySource } from './display-source';

/** Without a change for this long the screen stands still. */
const STILL_AFTER_MS = 2000;
/** What the displays are read at while the host watches them: should it miss a change, this is how late it is seen. */
const RESTING_FRAMES_PER_SECOND = 0.5;

export interface StillnessOptions {
  /** The displays that are read now. */
  sources(): Iterable<DisplaySource>;
  /** The screen has come to stand still. */
  onStill(): void;
}

/**
 * Reads a still screen less often, if the host knows when that is over (`CapturePage.rest`). Until the host has answered, the displays
 * are read as before: nothing falls between the last frame and the host's first look.
 */
export class Stillness {
  readonly #options: StillnessOptions;
  #status: 'moving' | 'still' | 'resting' = 'moving';
  #lastChange = performance.now();

  constructor(options: StillnessOptions) {
    this.#options = options;
  }

  get isResting(): boolean {
    return this.#status === 'resting';
  }

  /** A frame that shows something new, or that the displays were opened anew. */
  changed(): void {
    this.#lastChange = performance.now();
    const wasResting = this.isResting;
    this.#status = 'moving';
    if (wasResting) this.#setRate();
  }

  /** A frame like the one before. */
  unchanged(): void {
    if (this.#status !== 'moving' || performance.now() - this.#lastChange < STILL_AFTER_MS) return;
    if (![...this.#options.sources()].every((source) => source.repeatsItself)) return;
    this.#status = 'still';
    this.#options.onStill();
  }

  rest(): void {
    if (this.#status !== 'still') return;
    this.#status = 'resting';
    this.#setRate(RESTING_FRAMES_PER_SECOND);
  }

  #setRate(framesPerSecond?: number): void {
    // A display that refuses goes on at the rate it has.
    for (const source of this.#options.sources()) source.setRate(framesPerSecond).catch(() => undefined);
  }
}
