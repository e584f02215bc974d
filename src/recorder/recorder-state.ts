import type { DisplayGeometry } from '../shared/display';
import type { RecordedAgent, RecordingEvent, RecordingStart, RecordingReference, StateReport } from '../shared/recording';
import type { Problem, ProblemCode } from '../shared/snapshot';

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
  /** Since when the film lacks what it should show, and why. Absent while it is filmed, and during a pause. */
  readonly unfilmed?: { readonly since: number; readonly reason: string; readonly isNoted: boolean };
  /** What is shown while the encoder is tried again, until a slice comes. */
  readonly trouble?: Failure;
}

/** Why the encoder is started again, in words for a person, and whether the film lacks something because of it. */
export interface Interruption {
  readonly reason: string;
  readonly isGap: boolean;
}

export type MachineState =
  | { readonly status: 'idle'; readonly attempt: number }
  /** The journal entry is being written. */
  | { readonly status: 'beginning'; readonly recording: ActiveRecording; readonly attempt: number }
  /** The encoder is on its way to its first frame: for the first time, or again. */
  | { readonly status: 'starting'; readonly recording: ActiveRecording; readonly attempt: number; readonly tries: number }
  /** Nothing is captured: until the next try, until the computer wakes, or because of a pause without a running encoder. */
  | {
      readonly status: 'waiting';
      readonly recording: ActiveRecording;
      readonly attempt: number;
      readonly tries: number;
      readonly until: 'retry' | 'woken' | 'resumed';
    }
  | RunningState
  | {
      readonly status: 'finishing';
      readonly recordingId: string;
      readonly userName: string;
      readonly since: number;
      readonly attempt: number;
    }
  | { readonly status: 'failed'; readonly recordingId: string; readonly since: number; readonly reason: string; readonly attempt: number };

export interface RunningState {
  readonly status: 'running';
  readonly recording: ActiveRecording;
  readonly attempt: number;
  readonly displays: readonly DisplayGeometry[];
  readonly mode: 'recording' | 'pausing' | 'paused' | 'resuming';
  /** When the last slice came: what a break takes begins there. */
  readonly filmedUntil: number;
  /** Until the first slice: how often starts failed in a row before, and what the film lacks if this run gives nothing either. */
  readonly unproven?: { readonly tries: number; readonly unfilmed?: NonNullable<ActiveRecording['unfilmed']> };
  /** A new segment is due as soon as the pause is over. */
  readonly due?: Interruption;
}

export type TimerName = 'watchdog' | 'segment' | 'maximum' | 'retry' | 'displays';

/** Everything that can happen to the recorder. `attempt` says which run of the encoder speaks: late answers fall away. */
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
  | { readonly type: 'begun'; readonly attempt: number }
  | { readonly type: 'beginFailed'; readonly attempt: number; readonly failure: Failure }
  /** `startedAt`: when the first frame went to the encoder. */
  | {
      readonly type: 'segmentStarted';
      readonly attempt: number;
      readonly displays: readonly DisplayGeometry[];
      readonly startedAt: number;
    }
  | { readonly type: 'segmentFailed'; readonly attempt: number; readonly failure: Failure }
  | { readonly type: 'slice'; readonly attempt: number; readonly bytes: number }
  | { readonly type: 'paused'; readonly attempt: number }
  | { readonly type: 'resumed'; readonly attempt: number }
  | { readonly type: 'captureEnded'; readonly attempt: number; readonly failure: Failure }
  | { readonly type: 'storeFailed'; readonly attempt: number; readonly failure: Failure }
  | { readonly type: 'displaysChanged' }
  | { readonly type: 'suspended' }
  | { readonly type: 'woken' }
  | { readonly type: 'unlocked' }
  | { readonly type: 'timer'; readonly name: TimerName }
  /** `hasMedia`: whether any segment became media. `failure`: what kept one from it. */
  | { readonly type: 'closed'; readonly outcome: Outcome; readonly hasMedia: boolean; readonly failure?: Failure };

/** What went wrong, in words for a person, and what to show for it. */
export interface Failure {
  readonly reason: string;
  readonly problem: ProblemCode;
  readonly remedy: string;
  /** What to do while it is tried again; absent: the same. */
  readonly remedyMeanwhile?: string;
  /** Trying again at once may help. */
  readonly isPassing: boolean;
}

/** How a recording ended, for its last report. */
export interface Outcome {
  readonly recordingId: string;
  readonly agent: RecordedAgent;
  readonly startTime: string;
  readonly stopTime: string;
  readonly state: 'Recorded' | 'Failed';
  readonly reason?: string;
}

export type RecorderEffect =
  | { readonly type: 'begin'; readonly attempt: number; readonly start: RecordingStart }
  | { readonly type: 'startSegment'; readonly attempt: number }
  /** Ends this run of the encoder and hands its segment over, in the background. */
  | { readonly type: 'endSegment'; readonly attempt: number }
  | { readonly type: 'pauseCapture'; readonly attempt: number }
  | { readonly type: 'resumeCapture'; readonly attempt: number }
  | { readonly type: 'note'; readonly event: RecordingEvent }
  | { readonly type: 'close'; readonly outcome: Outcome }
  | { readonly type: 'report'; readonly report: StateReport; readonly agent: RecordedAgent }
  | { readonly type: 'raise'; readonly problem: Omit<Problem, 'since'> }
  | { readonly type: 'clear'; readonly codes: readonly ProblemCode[] }
  | { readonly type: 'setTimer'; readonly name: TimerName; readonly ms: number }
  | { readonly type: 'clearTimers'; readonly names: readonly TimerName[] };

export interface Transition {
  readonly state: MachineState;
  readonly effects: readonly RecorderEffect[];
}

/** Intervals the machine asks timers for, in milliseconds. */
export interface RecorderTimes {
  /** Without a slice for this long the encoder counts as stuck: three slices and some slack. */
  readonly watchdogMs: number;
  readonly segmentMs: number;
  readonly maximumMs: number;
  readonly pauseMode: 'black' | 'cut';
}
