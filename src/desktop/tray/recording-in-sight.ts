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
  /** Of the recording that goes on now. */
  #recordingId: string | undefined;
  /** The last recording for which this was looked at. */
  #lookedFor: string | undefined;

  constructor(deps: RecordingInSightDeps) {
    this.#deps = deps;
  }

  update({ recorder }: Snapshot): void {
    this.#recordingId = recorder.status === 'idle' || recorder.status === 'failed' ? undefined : recorder.recordingId;
    // Between two segments it starts anew: that is no next recording.
    const isRecorded = recorder.status === 'recording' || recorder.status === 'paused';
    if (!isRecorded || recorder.recordingId === this.#lookedFor) return;
    this.#lookedFor = recorder.recordingId;
    void this.#look(recorder.recordingId);
  }

  stop(): void {
    this.#recordingId = undefined;
  }

  async #look(recordingId: string): Promise<void> {
    const isShown = await this.#deps.hasTrayPlace();
    if (!isShown && this.#recordingId === recordingId) this.#deps.showWindow();
  }
}
