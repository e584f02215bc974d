/** Adds up what the runs of the encoder tell, each of them since its own beginning. */
export class FrameCount {
  #ended = 0;
  #run = 0;
  #ofRun = 0;

  get total(): number {
    return this.#ended + this.#ofRun;
  }

  /** Late news of an earlier run, or fewer frames than before, change nothing. */
  note(run: number, frames: number): void {
    if (run > this.#run) {
      this.#ended += this.#ofRun;
      this.#run = run;
      this.#ofRun = 0;
    }
    if (run === this.#run) this.#ofRun = Math.max(this.#ofRun, frames);
  }
}
