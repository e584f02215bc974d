import type { DisplayGeometry } from './display';
import type { MaskRule } from './mask-rules';
import type { FailureCode } from './failure-codes';
import type { ServerPair } from './server-pair';

/** How a recording is encoded. Every value is already within the limits of `recording.*` (config-and-cli.md). */
export interface Encoding {
  readonly framesPerSecond: number;
  readonly videoBitsPerSecond: number;
}

/** The recording a command of RWS speaks of (rws.md, *Recording triggers*). */
export interface RecordingReference {
  readonly id: string;
  readonly callUuid?: string;
  readonly region?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** As RWS sent it: not yet limited. */
  readonly encoding?: Partial<Encoding>;
  /** What is covered besides what the configuration says. */
  readonly masks?: readonly MaskRule[];
}

/** A recording command of RWS, whichever trigger carried it. */
export type RecordingCommand =
  | { readonly type: 'start'; readonly recording: RecordingReference }
  | { readonly type: 'stop'; readonly recordingId: string }
  | { readonly type: 'pause'; readonly recordingId: string }
  | { readonly type: 'resume'; readonly recordingId: string };

export type RecordingStateName = 'Recording' | 'Paused' | 'Recorded' | 'Uploaded' | 'Failed' | 'Busy';

/** A state report to RWS (rws.md, *State reports*). Times are RWS times, see `rws-time.ts`. */
export interface StateReport {
  readonly recordingId: string;
  readonly state: RecordingStateName;
  readonly reason?: string;
  /** Of "Failed" and "Busy", and of "Recorded" where video is missing. */
  readonly code?: FailureCode;
  readonly startTime?: string;
  readonly stopTime?: string;
}

/** One line of a recording's `eventHistory` (rws.md, *Recording triggers*). `time` is an RWS time. */
export interface RecordingEvent {
  readonly time: string;
  readonly event: 'paused' | 'resumed' | 'gap' | 'displaysChanged' | 'masked' | 'unmasked';
  readonly reason?: string;
}

/** What is fixed about a recording when it starts, kept in the journal and carried into the upload's metadata. */
export interface RecordingStart {
  readonly recordingId: string;
  readonly callUuid?: string;
  readonly region?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly encoding: Encoding;
  readonly agent: RecordedAgent;
  /** RWS time. */
  readonly startTime: string;
}

/** The agent a recording belongs to, hot seating or not. */
export interface RecordedAgent {
  /** As RWS gives it; of one pair of servers only: elsewhere it is somebody else's. */
  readonly userName: string;
  /** The pair that commanded the recording; absent in what an older version left. */
  readonly servers?: ServerPair;
  readonly place?: string;
  readonly contactCenterId?: string;
}

/** What is fixed about one segment (one run of the encoder) when it starts. */
export interface SegmentStart {
  /** The container as the encoder named it, such as `video/x-matroska;codecs=avc1`. */
  readonly mimeType: string;
  readonly startTime: string;
  readonly displays: readonly DisplayGeometry[];
}

/** `metadata` part of an upload (rws.md, *Upload*): one media file each. `duration` is in milliseconds, `size` in bytes, both as strings. */
export interface UploadMetadata {
  readonly id: string;
  readonly startTime: string;
  readonly stopTime: string;
  readonly region?: string;
  readonly eventHistory: readonly RecordingEvent[];
  readonly mediaFiles: readonly [MediaFileMetadata];
}

export interface MediaFileMetadata {
  readonly mediaId: string;
  readonly startTime: string;
  readonly stopTime: string;
  readonly duration: string;
  readonly size: string;
  /** `video/mp4`, or the raw container's type when the remux failed and the material is sent as it is. */
  readonly type: string;
  /** Of the whole file, lower-case hexadecimal. */
  readonly sha256: string;
  readonly parameters: {
    readonly region?: string;
    readonly contact: { readonly userName: string };
    readonly callUuid?: string;
    readonly place?: string;
    readonly displays: readonly DisplayGeometry[];
    readonly clientVersion: string;
  } & Readonly<Record<string, unknown>>;
}
