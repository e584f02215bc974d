import type { Clock, Timer } from '../../lib/clock';
import type { Snapshot } from '../../shared/snapshot';

const MINUTE_MS = 60_000;

/** Redraws the elapsed minutes in the tray's menu. INVARIANT: no timer is set while nothing is recorded. */
export class WhileRecording {
  readonly #clock: Clock;
  readonly #redraw: () => void;
  #timer: Timer | undefined;

  constructor(clock: Clock, redraw: () => void) {
    this.#clock = clock;
    this.#redraw = redraw;
  }

  update({ recorder }: Snapshot): void {
    const isRecording = recorder.status === 'recording' || recorder.status === 'paused';
    if (!isRecording) this.stop();
    else
      this.#timer ??= this.#clock.after(MINUTE_MS - (Math.max(0, this.#clock.now() - Date.parse(recorder.since)) % MINUTE_MS), () =>
        this.#tick(),
      );
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #tick(): void {
    this.#redraw();
    this.#timer = this.#clock.after(MINUTE_MS, () => this.#tick());
  }
}
