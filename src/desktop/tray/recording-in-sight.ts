import type { Snapshot } from '../../shared/snapshot';

interface RecordingInSightDeps {
  /** See `hasTrayPlace`; never rejects. */
  readonly hasTrayPlace: () => Promise<boolean>;
  /** Shows the status window without taking the keyboard from what the agent works in. */
  readonly showWindow: () => void;
}

/**
 * An agent always sees a recording: where the desktop shows no tray icons, each recording that begins opens the status window.
 * Closed by the agent, it stays closed until the next one.
 */
export class RecordingInSight {
  readonly #deps: RecordingInSightDeps;
  #recordingId: string | undefined;

  constructor(deps: RecordingInSightDeps) {
    this.#deps = deps;
  }

  update({ recorder }: Snapshot): void {
    const recordingId = recorder.status === 'recording' || recorder.status === 'paused' ? recorder.recordingId : undefined;
    if (recordingId === this.#recordingId) return;
    this.#recordingId = recordingId;
    if (recordingId !== undefined) void this.#look(recordingId);
  }

  stop(): void {
    this.#recordingId = undefined;
  }

  async #look(recordingId: string): Promise<void> {
    const isShown = await this.#deps.hasTrayPlace();
    if (!isShown && this.#recordingId === recordingId) this.#deps.showWindow();
  }
}
