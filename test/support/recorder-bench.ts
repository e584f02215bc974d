import { recordingSchema, type RecordingConfiguration } from '../../src/config/schema';
import { silentLogger } from '../../src/lib/logger';
import { createRecorder, type Recorder } from '../../src/recorder/recorder-runner';
import type { RecordingReference, StateReport } from '../../src/shared/recording';
import { FakeClock, settle } from '../fakes/fake-clock';
import { FakeProblems } from '../fakes/fake-problems';
import { FakeRecordingStore } from '../fakes/fake-recording-store';
import { FakeScreenCapture } from '../fakes/fake-screen-capture';

export const agent = { userName: 'agent', place: 'Place 1' };

/** The recorder with a capture and a store that a test drives, on a clock that stands still. */
export class RecorderBench {
  readonly clock = new FakeClock();
  readonly capture = new FakeScreenCapture();
  readonly store = new FakeRecordingStore();
  readonly problems = new FakeProblems();
  readonly reports: StateReport[] = [];
  readonly recorder: Recorder;

  constructor(config: Partial<RecordingConfiguration> = {}) {
    this.recorder = createRecorder({ ...this, log: silentLogger, config: { ...recordingSchema.parse({}), ...config } });
    this.recorder.onReport((report) => this.reports.push(report));
  }

  async command(type: 'start' | 'stop' | 'pause' | 'resume', id = 'r1', more: Partial<RecordingReference> = {}): Promise<void> {
    this.recorder.handle(type === 'start' ? { type, recording: { id, ...more } } : { type, recordingId: id }, agent);
    await settle();
  }

  /** Lets seconds pass with a slice in each. */
  async record(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await this.clock.advance(1000);
      this.capture.last.slice();
    }
    await settle();
  }

  get states(): string[] {
    return this.reports.map(({ state, reason }) => (reason === undefined ? state : `${state}: ${reason}`));
  }

  get events(): string[] {
    return this.store.last.events.map(({ event, reason }) => (reason === undefined ? event : `${event}: ${reason}`));
  }
}
