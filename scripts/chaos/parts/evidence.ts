import type { Snapshot } from '../../../src/shared/snapshot';
import type { FaultName, WorkName } from './chaos-plan';

/** Times are epoch milliseconds, here and below. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A video as RWS has it. */
export interface Film extends Span {
  readonly recordingId: string;
  readonly mediaId: string;
  readonly userName: string;
  readonly events: readonly { readonly at: number; readonly event: string }[];
  /** Every frame with its mean colour, 0xrrggbb. */
  readonly frames: readonly { readonly at: number; readonly colour: number }[];
  /** How long it lasts, as RWS was told and as ffprobe finds it; `to` counts pauses that were left out too. */
  readonly saidMs: number;
  readonly foundMs: number;
}

/** A line of the service's log: the recorder went into another state. */
export interface RecorderChange {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly recordingId: string | undefined;
}

export interface Evidence {
  readonly pauseMode: 'black' | 'cut';
  /** What RWS or the desktop commanded, and somebody was there to hear it. */
  readonly commands: readonly { readonly at: number; readonly name: WorkName; readonly recordingId: string | undefined }[];
  readonly faults: readonly (Span & { readonly name: FaultName })[];
  /** The service ended, in whatever way. */
  readonly ends: readonly number[];
  readonly changes: readonly RecorderChange[];
  readonly painted: readonly { readonly at: number; readonly colour: number }[];
  readonly looks: readonly (Pick<Snapshot, 'session' | 'recorder'> & { readonly at: number })[];
  readonly reports: readonly { readonly recordingId: string; readonly state: string; readonly reason: string }[];
  /** What the history calls failed. */
  readonly failed: ReadonlySet<string>;
  readonly films: readonly Film[];
}
