import type { RwsHttp } from '../rws/ports';
import type { FailureCode } from '../shared/failure-codes';
import type { StateReport } from '../shared/recording';
import type { Unsubscribe } from '../shared/emitter';
import type { SpoolJob } from '../spool/ports';

/** Whose a recording is: an agent is a user name at one pair of servers. */
export type JobOwner = Pick<SpoolJob, 'userName' | 'servers'>;

/** Who may carry an upload now (rws.md, *Whose login carries an upload*). The adapter lives in `service`. */
export interface UploadLogins {
  /** A login that may carry this agent's recordings, or `undefined`: they wait. */
  find(owner: JobOwner): UploadLogin | undefined;
  /** May no login, whoever's, carry it: are its servers neither configured nor allowed any more? */
  isRetired(owner: JobOwner): boolean;
  /** Logins came or went: look again. */
  onChange(listener: () => void): Unsubscribe;
}

/** Why a recording is not tried any more by itself. */
export interface UploadFailure {
  readonly reason: string;
  readonly code: FailureCode;
}

export interface UploadLogin {
  readonly userName: string;
  /** The recording's own agent, not the next one. */
  readonly isOwn: boolean;
  readonly contactCenterId?: string;
  readonly http: RwsHttp;
  /** An upload begins on it: until the returned function is called, another login of the same agent does not cut it. */
  hold(): () => void;
  /** Reports on the session that carried the upload, "Failed" on whichever is live; does nothing when there is none. */
  report(report: StateReport): void;
}
