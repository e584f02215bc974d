import type { RecordingStore, RecordingWriter, SegmentWriter } from '../../src/recorder/ports';
import type { RecordingEvent, RecordingStart, SegmentStart } from '../../src/shared/recording';

export interface FakeSegment {
  readonly start: SegmentStart;
  readonly slices: Uint8Array[];
  stopTime?: string;
}

export interface FakeRecording {
  readonly start: RecordingStart;
  readonly segments: FakeSegment[];
  readonly events: RecordingEvent[];
  stopTime?: string;
}

/** Recordings in memory. What is set in `failures` is thrown by the next call of that name. */
export class FakeRecordingStore implements RecordingStore {
  readonly recordings: FakeRecording[] = [];
  readonly failures: Partial<Record<'begin' | 'beginSegment' | 'append' | 'finish' | 'close' | 'note', Error>> = {};
  /** Every append waits for it: a slow disk. */
  appendGate: Promise<void> = Promise.resolve();
  recovered = 0;

  async begin(start: RecordingStart): Promise<RecordingWriter> {
    this.#throwIfSet('begin');
    const recording: FakeRecording = { start, segments: [], events: [] };
    this.recordings.push(recording);
    return {
      beginSegment: async (segmentStart) => this.#beginSegment(recording, segmentStart),
      note: async (event) => {
        this.#throwIfSet('note');
        recording.events.push(event);
      },
      close: async (stopTime) => {
        this.#throwIfSet('close');
        recording.stopTime = stopTime;
      },
    };
  }

  async recover(): Promise<number> {
    return this.recovered;
  }

  get last(): FakeRecording {
    const recording = this.recordings.at(-1);
    if (recording === undefined) throw new Error('nothing was recorded');
    return recording;
  }

  #beginSegment(recording: FakeRecording, start: SegmentStart): SegmentWriter {
    this.#throwIfSet('beginSegment');
    const segment: FakeSegment = { start, slices: [] };
    recording.segments.push(segment);
    return {
      append: async (slice) => {
        await this.appendGate;
        this.#throwIfSet('append');
        segment.slices.push(slice);
      },
      finish: async (stopTime) => {
        this.#throwIfSet('finish');
        segment.stopTime = stopTime;
        return segment.slices.length > 0;
      },
    };
  }

  #throwIfSet(name: keyof FakeRecordingStore['failures']): void {
    const failure = this.failures[name];
    if (failure !== undefined) throw failure;
  }
}
