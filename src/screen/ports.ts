import type { Covering } from '../masks/mask-run';
import type { CaptureFailure } from '../shared/capture-contract';
import type { DisplayGeometry } from '../shared/display';
import type { Unsubscribe } from '../shared/emitter';
import type { MaskRules } from '../shared/mask-rules';
import type { Encoding } from '../shared/recording';

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
  /** How many frames went to the encoder since the program began, as far as the capture has told. */
  framesEncoded?(): number;
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
  /** Which windows are covered; absent, or without a rule: none, and nobody looks at them. */
  readonly masks?: MaskRules;
}

/** One run of the encoder: from its first frame to its last slice. */
export interface CaptureRun {
  readonly mimeType: string;
  readonly displays: readonly DisplayGeometry[];
  /** How many milliseconds before `start` resolved the first frame went to the encoder. */
  readonly startedAgoMs: number;
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
  /** Windows are covered, or are not any more. */
  onCovering(covering: Covering): void;
  /** The run ended without being asked to: page crashed, source gone, permission lost. */
  onEnded(reason: CaptureEndReason): void;
}

export interface CaptureEndReason {
  readonly code: Exclude<CaptureFailure, 'noSource' | 'timeout'>;
  readonly message: string;
}
