import type { FailureCode } from './failure-codes';
import type { AgentView } from './agent';
import type { ProblemCode } from './problem-catalogue';
import type { DisplayGeometry } from './display';

/**
 * The one picture of the service that every view shows: tray, window, `GET /status` and the command line.
 * A change anywhere gives a whole new snapshot with the next revision. Times are ISO 8601 in UTC.
 */
export interface Snapshot {
  /** Rises by one with every change; starts at 1. */
  readonly revision: number;
  /** When this revision came to be. */
  readonly time: string;
  /** As `GET /version` gives it: `8.5.zyy.xx`. */
  readonly version: string;
  /** The package's own version, such as `1.2.3`. */
  readonly packageVersion: string;
  /** Started with the built-in simulator (`npm start` from a checkout). */
  readonly isDemo: boolean;
  /** Addresses the local API listens on, such as `http://127.0.0.1:8080`. */
  readonly endpoints: readonly string[];
  readonly session: SessionState;
  readonly recorder: RecorderState;
  readonly uploads: UploadsState;
  readonly problems: readonly Problem[];
  readonly history: readonly HistoryEntry[];
}

export type DataCentre = 'primary' | 'peer';

export type SessionState =
  | { readonly status: 'signedOut' }
  | { readonly status: 'signingIn'; readonly userName: string }
  | ({ readonly status: 'connected'; readonly agent: AgentView } & SessionContact)
  | ({ readonly status: 'reconnecting'; readonly agent: AgentView; readonly since: string; readonly reason: string } & SessionPoll)
  | { readonly status: 'expired'; readonly agent: AgentView; readonly since: string }
  | { readonly status: 'signingOut'; readonly agent: AgentView };

export interface SessionPoll {
  /** When the agent desktop polled last; absent before its first poll. */
  readonly lastPoll?: string;
}

export interface SessionContact extends SessionPoll {
  readonly server: string;
  readonly which: DataCentre;
  readonly since: string;
  /** When RWS was heard last. */
  readonly lastContact: string;
}

export type RecorderState =
  | { readonly status: 'idle' }
  | { readonly status: 'starting'; readonly recordingId: string; readonly userName: string; readonly since: string }
  | ({ readonly status: 'recording' } & RunningRecording)
  | ({ readonly status: 'paused'; readonly pausedSince: string } & RunningRecording)
  | { readonly status: 'finishing'; readonly recordingId: string; readonly userName: string; readonly since: string }
  | {
      readonly status: 'failed';
      readonly recordingId: string;
      readonly since: string;
      readonly reason: string;
      readonly code: FailureCode;
    };

export interface RunningRecording {
  readonly recordingId: string;
  readonly userName: string;
  /** When the recording started (not the segment). */
  readonly since: string;
  readonly segment: number;
  readonly framesPerSecond: number;
  /** Bytes written so far, all segments. */
  readonly bytes: number;
  readonly displays: readonly DisplayGeometry[];
  /** What is covered in the video now; absent: nothing. `all`: the windows are not known. */
  readonly masked?: 'parts' | 'all';
}

export interface UploadsState {
  /** Oldest first. Uploaded jobs are gone from here; see `history`. */
  readonly jobs: readonly UploadJobView[];
  /** Bytes of all jobs that wait or are on their way. */
  readonly pendingBytes: number;
}

export interface UploadJobView {
  readonly mediaId: string;
  readonly recordingId: string;
  readonly userName: string;
  readonly size: number;
  readonly createdAt: string;
  readonly state: UploadJobState;
}

export type UploadJobState =
  | { readonly status: 'ready' }
  | { readonly status: 'uploading'; readonly sent: number; readonly total: number; readonly estimatedSeconds?: number }
  | { readonly status: 'waiting'; readonly nextTry?: string; readonly reason: string }
  | { readonly status: 'quarantined'; readonly reason: string; readonly code?: FailureCode };

/** Something a person should know about and can do something about: what the tray's amber is. */
export interface Problem {
  readonly code: ProblemCode;
  readonly since: string;
  /** One plain sentence: what is wrong. */
  readonly text: string;
  /** One plain sentence: what to do. */
  readonly remedy: string;
}

/** A line of the day's history. */
export interface HistoryEntry {
  readonly time: string;
  readonly recordingId: string;
  readonly userName: string;
  readonly event: 'recorded' | 'uploaded' | 'failed';
  readonly reason?: string;
  readonly code?: FailureCode;
}
