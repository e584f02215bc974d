import type { RecordingEvent, RecordingStart, SegmentStart } from '../shared/recording';

/** Recordings on disk, sealed (design.md, *The recording pipeline*, 3 to 5). The adapter lives in `spool`. */
export interface RecordingStore {
  /** Writes the journal entry, before anything is captured. Throws `StoreError`: disk floor, spool full, no key. */
  begin(start: RecordingStart): Promise<RecordingWriter>;
  /** Finishes what an earlier process left in progress; resolves with how many segments it saved. */
  recover(): Promise<number>;
}

export interface RecordingWriter {
  beginSegment(start: SegmentStart): Promise<SegmentWriter>;
  /** Adds to the recording's `eventHistory`. */
  note(event: RecordingEvent): Promise<void>;
  /** Nothing more will be captured; the journal entry goes when every segment has become an upload job. */
  close(stopTime: string): Promise<void>;
}

export interface SegmentWriter {
  /** Seals and appends; calls keep their order. Throws `StoreError` when the disk is full: what was appended before stays good. */
  append(slice: Uint8Array): Promise<void>;
  /** Remux, seal, hash, and hand over as an upload job. Resolves when the job is on disk: with whether there is one, or there was no video. */
  finish(stopTime: string): Promise<boolean>;
}
