import type { DisplayGeometry } from '../shared/display';
import type { Unsubscribe } from '../shared/emitter';
import type { Encoding, RecordingEvent, RecordingStart, SegmentStart } from '../shared/recording';

/** The picture of the screen, encoded, whichever browser process does it (design.md, *The recording pipeline*, 1 and 2). */
export interface ScreenCapture {
  /** Gets the capture page ready, so that a start gives its first frame within 300 ms. Safe to call again. */
  warm(): Promise<void>;
  /** The capture page is gone without being asked to: it crashed, or hung and was let go. It is not warm any more. */
  onLost(listener: () => void): Unsubscribe;
  /** Starts one run of the encoder. Resolves when the first frame is there. Throws `CaptureError`. One run at a time. */
  start(request: CaptureRequest, listener: CaptureListener): Promise<CaptureRun>;
  /** Lets the capture page go (after logout). */
  cool(): Promise<void>;
}

export interface CaptureRequest {
  readonly encoding: Encoding;
  readonly displays: 'all' | 'primary';
  /** Pixels per display, 0 = full resolution. */
  readonly maxWidth: number;
  readonly maxHeight: number;
  readonly grayscale: boolean;
  readonly pauseMode: 'black' | 'cut';
  /** Milliseconds of video per slice. */
  readonly sliceMs: number;
}

export interface CaptureRun {
  readonly mimeType: string;
  readonly displays: readonly DisplayGeometry[];
  /** How many milliseconds before `start` resolved the first frame went to the encoder. Absent: none. */
  readonly startedAgoMs?: number;
  /** While paused nothing of the screen is captured. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Ends the run; resolves after the last slice was given to the listener. Memoised, safe after `onEnded`. */
  stop(): Promise<void>;
}

export interface CaptureListener {
  /** The next bytes of the container, in order. */
  onSlice(bytes: Uint8Array): void;
  /** Displays came, went or changed: the recorder starts a new segment. */
  onDisplaysChanged(): void;
  /** The run ended without being asked to: page crashed, source gone, permission lost. */
  onEnded(reason: CaptureEndReason): void;
}

export interface CaptureEndReason {
  readonly code: 'crashed' | 'sourceEnded' | 'permission' | 'encoder';
  readonly message: string;
}

/** Recordings on disk, sealed (design.md, *The recording pipeline*, 3 to 5). The adapter lives in `spool`. */
export interface RecordingStore {
  /** Writes the journal entry, before anything is captured. Throws `SpoolError`: disk floor, spool full, no key. */
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
  /** Seals and appends; calls keep their order. Throws `SpoolError` when the disk is full: what was appended before stays good. */
  append(slice: Uint8Array): Promise<void>;
  /** Remux, seal, hash, and hand over as an upload job. Resolves when the job is on disk: with whether there is one, or there was no video. */
  finish(stopTime: string): Promise<boolean>;
}
