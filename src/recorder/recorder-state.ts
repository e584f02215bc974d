import type { Covering } from '../masks/mask-run';
import type { FailureCode } from '../shared/failure-codes';
import type { DisplayGeometry } from '../shared/display';
import type { MaskRule } from '../shared/mask-rules';
import type { RecordedAgent, RecordingEvent, RecordingStart, RecordingReference, StateReport } from '../shared/recording';
import type { ProblemCode, RaisedProblem } from '../shared/problem-catalogue';

/** What the machine knows of the recording at hand. Times are epoch milliseconds. */
export interface ActiveRecording {
  readonly id: string;
  readonly userName: string;
  readonly start: RecordingStart;
  readonly startedAt: number;
  /** Segments that gave a picture so far. */
  readonly segment: number;
  readonly bytes: number;
  readonly isPauseWanted: boolean;
  readonly pausedAt?: number;
  /** Since when the video lacks what it should show, and why. Absent while it shows all, and during a pause. */
  readonly missing?: { readonly since: number; readonly reason: string; readonly isNoted: boolean };
  /** What is covered; absent: nothing. */
  readonly covering?: Covering;
  /** What is shown while the encoder is tried again, until a slice comes. */
  readonly trouble?: Failure;
}

/** Why the encoder is started again, in words for a person, and whether the video lacks something because of it. */
export interface Interruption {
  readonly reason: string;
  readonly isGap: boolean;
}

export type RecorderMachineState =
  | { readonly status: 'idle'; readonly run: number }
  /** The journal entry is being written. */
  | { readonly status: 'beginning'; readonly recording: ActiveRecording; readonly run: number }
  /** The encoder is on its way to its first frame: for the first time, or again. */
  | { readonly status: 'starting'; readonly recording: ActiveRecording; readonly run: number; readonly tries: number }
  /** Nothing is captured: until the next try, until the computer wakes, or because of a pause without a running encoder. */
  | {
      readonly status: 'waiting';
      readonly recording: ActiveRecording;
      readonly run: number;
      readonly tries: number;
      readonly until: 'retry' | 'woken' | 'resumed';
    }
  | RunningState
  | {
      readonly status: 'finishing';
      readonly recordingId: string;
      readonly userName: string;
      readonly since: number;
      readonly run: number;
    }
  | {
      readonly status: 'failed';
      readonly recordingId: string;
      readonly since: number;
      readonly reason: string;
      readonly code: FailureCode;
      readonly run: number;
    };

export interface RunningState {
  readonly status: 'running';
  readonly recording: ActiveRecording;
  readonly run: number;
  readonly displays: readonly DisplayGeometry[];
  readonly mode: 'recording' | 'pausing' | 'paused' | 'resuming';
  /** When the last slice came: what a break takes begins there. */
  readonly videoUntil: number;
  /** Until the first slice: how often starts failed in a row before, and what the video lacks if this run gives nothing either. */
  readonly unproven?: { readonly tries: number; readonly missing?: NonNullable<ActiveRecording['missing']> };
  /** A new segment is due as soon as the pause is over. */
  readonly due?: Interruption;
}

export const initialRecorder: RecorderMachineState = { status: 'idle', run: 0 };

export type TimerName = 'watchdog' | 'segment' | 'maximum' | 'retry' | 'displays';

/** Everything that can happen to the recorder. `run` says which run of the encoder speaks: late answers fall away. */
export type RecorderEvent =
  | {
      readonly type: 'startCommanded';
      readonly recording: RecordingReference;
      readonly start: RecordingStart;
      readonly agent: RecordedAgent;
    }
  | { readonly type: 'stopCommanded'; readonly recordingId: string }
  | { readonly type: 'pauseCommanded'; readonly recordingId: string }
  | { readonly type: 'resumeCommanded'; readonly recordingId: string }
  | { readonly type: 'finishRequested'; readonly reason: string }
  | { readonly type: 'begun'; readonly run: number }
  | { readonly type: 'beginFailed'; readonly run: number; readonly failure: Failure }
  /** `startedAt`: when the first frame went to the encoder. */
  | {
      readonly type: 'runStarted';
      readonly run: number;
      readonly displays: readonly DisplayGeometry[];
      readonly startedAt: number;
    }
  | { readonly type: 'runFailed'; readonly run: number; readonly failure: Failure }
  | { readonly type: 'slice'; readonly run: number; readonly bytes: number }
  | { readonly type: 'paused'; readonly run: number }
  | { readonly type: 'resumed'; readonly run: number }
  | { readonly type: 'runEnded'; readonly run: number; readonly failure: Failure }
  | { readonly type: 'storeFailed'; readonly run: number; readonly failure: Failure }
  | { readonly type: 'displaysChanged' }
  | { readonly type: 'coveringChanged'; readonly run: number; readonly covering: Covering }
  | { readonly type: 'suspended' }
  | { readonly type: 'woken' }
  | { readonly type: 'unlocked' }
  | { readonly type: 'timer'; readonly name: TimerName }
  /** `hasMedia`: whether any segment became media. `videoUntil`: when its last slice came. `failure`: what kept a segment from becoming media. */
  | {
      readonly type: 'closed';
      readonly outcome: Outcome;
      readonly hasMedia: boolean;
      readonly videoUntil?: number;
      readonly failure?: Failure;
    };

/** What went wrong, in words for a person, and what to show for it. */
export interface Failure {
  readonly reason: string;
  readonly code: FailureCode;
  readonly problem: RaisedProblem;
  /** Trying again at once may help. */
  readonly isPassing: boolean;
  /** The recording ends with it, whatever it has. */
  readonly isFinal?: boolean;
}

/** How a recording ended, for its last report. */
export interface Outcome {
  readonly recordingId: string;
  readonly agent: RecordedAgent;
  readonly startTime: string;
  readonly stopTime: string;
  readonly state: 'Recorded' | 'Failed';
  readonly reason?: string;
  readonly code?: FailureCode;
  /** There must be video until then, but for a moment; where it ends before, what to say of it. */
  readonly due?: { readonly at: number; readonly since?: number; readonly reason: string };
}

export type RecorderEffect =
  | { readonly type: 'begin'; readonly run: number; readonly start: RecordingStart; readonly masks: readonly MaskRule[] }
  | { readonly type: 'startRun'; readonly run: number }
  /** Ends this run of the encoder and makes an upload job of its segment, in the background. */
  | { readonly type: 'endRun'; readonly run: number }
  | { readonly type: 'pauseRun'; readonly run: number }
  | { readonly type: 'resumeRun'; readonly run: number }
  | { readonly type: 'note'; readonly event: RecordingEvent }
  | { readonly type: 'close'; readonly outcome: Outcome }
  | { readonly type: 'report'; readonly report: StateReport; readonly agent: RecordedAgent }
  | { readonly type: 'raise'; readonly problem: RaisedProblem }
  | { readonly type: 'clear'; readonly codes: readonly ProblemCode[] }
  | { readonly type: 'setTimer'; readonly name: TimerName; readonly ms: number }
  | { readonly type: 'clearTimers'; readonly names: readonly TimerName[] };

export interface RecorderStep {
  readonly state: RecorderMachineState;
  readonly effects: readonly RecorderEffect[];
}

/** What the machine is told of the world. Intervals are those it sets timers to, in milliseconds. */
export interface RecorderSurroundings {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Without a slice for this long the encoder counts as stuck: three slices and some slack. */
  readonly watchdogMs: number;
  readonly segmentMs: number;
  readonly maximumMs: number;
  readonly pauseMode: 'black' | 'cut';
}
