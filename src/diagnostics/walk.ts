import type { Configuration } from '../config/schema';
import type { Secret } from '../lib/secret';

/** What RWS said of one name of the contract (rws.md, **C**). */
export interface WalkResult {
  readonly name: string;
  readonly verdict: 'holds' | 'refused' | 'unknown';
  /** One plain line: what was found, in RWS's words where it has some. Holds no secret. */
  readonly text: string;
  /** Recording works without it. */
  readonly isOptional: boolean;
}

export interface Walk {
  readonly config: Configuration;
  readonly server: string;
  readonly userName: string;
  readonly password: Secret;
  readonly clientVersion: string;
  /** Sends a file of one KiB, which stays at RWS. */
  readonly isUploadTried: boolean;
  /** Fires when whoever asked gives up: what is left is not asked, and the agent is signed out. */
  readonly signal: AbortSignal;
  readonly onResult?: (result: WalkResult) => void;
  readonly stepLimitMs?: number;
}

/** A finding that is no refusal: RWS did not say, or was not asked. */
export class Unknown extends Error {}
