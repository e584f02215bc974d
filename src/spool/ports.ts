import type { FailureCode } from '../shared/failure-codes';
import type { Readable } from 'node:stream';
import type { UploadMetadata } from '../shared/recording';
import type { ServerPair } from '../shared/server-pair';

/** A finished media file that waits to be uploaded: the JSON sidecar beside its sealed bytes. */
export interface SpoolJob {
  readonly mediaId: string;
  readonly recordingId: string;
  readonly userName: string;
  /** The pair that commanded the recording, the only one that may have it; absent in jobs of an older version. */
  readonly servers?: ServerPair;
  readonly contactCenterId?: string;
  /** Epoch milliseconds; the queue's order. */
  readonly createdAt: number;
  /** Of the unsealed file, in bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly mimeType: string;
  readonly metadata: UploadMetadata;
  readonly attempts: number;
  /** Epoch milliseconds before which it is not tried again. */
  readonly notBefore?: number;
  /** Epoch milliseconds at which a person last asked for another try: `spool.retentionDays` counts from there. */
  readonly retriedAt?: number;
  readonly quarantine?: { readonly reason: string; readonly code?: FailureCode; readonly since: number };
  /** RWS refused it from another agent's login: it waits for its own. */
  readonly ownAgentOnly?: boolean;
  /** RWS once said that it holds other bytes than were sent. */
  readonly mismatched?: boolean;
  /** Where a resumable upload goes on. */
  readonly tusUrl?: string;
}

export interface RefusedRecordings {
  readonly count: number;
  /** What the system says; no path. */
  readonly reason: string;
}

/** Jobs on disk. The adapter lives in `spool`. */
export interface JobStore {
  /** Oldest first. A sidecar that cannot be read is quarantined and reported, never deleted. */
  list(): Promise<readonly SpoolJob[]>;
  /** Replaces the sidecar, atomically. */
  save(job: SpoolJob): Promise<void>;
  /** Removes media and sidecar: only after RWS has them. */
  remove(mediaId: string): Promise<void>;
  /** Resolves when nothing more will be recorded of this recording; at once when it is over. */
  whenRecorded(recordingId: string): Promise<void>;
  /** Jobs that could not be read: put aside, or left where they are when only the disk did not give them. */
  readonly damagedCount: number;
  /** Recordings that are no jobs yet because the disk refuses: tried again every 15 s. */
  readonly refused: RefusedRecordings | undefined;
  /** The clear bytes from `offset` on, unsealed on the fly; nothing clear touches the disk. */
  openMedia(job: SpoolJob, offset?: number): Readable;
}

/** 32-byte key that wraps the recordings' keys; in the OS keychain or, by policy, in an owner-only file. */
export interface SpoolKeyVault {
  /** Throws `StoreError` `noKey` when policy refuses to go on without a keychain. */
  key(): Promise<Uint8Array>;
  /** Every key a recording may be wrapped by, of which there are several after the keychain was away for a while. */
  allKeys(): Promise<readonly Uint8Array[]>;
  /** `true` while the key comes from the file fallback: a problem to show. */
  readonly isFallback: boolean;
}
