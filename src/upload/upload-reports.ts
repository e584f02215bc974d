import type { Logger } from '../lib/logger';
import { describeError } from '../shared/errors';
import type { JobStore, SpoolJob } from '../spool/ports';
import type { UploadFailure, UploadLogin, UploadLogins } from './ports';

export interface UploadReportsDeps {
  readonly jobs: Pick<JobStore, 'whenRecorded'>;
  readonly logins: UploadLogins;
  readonly log: Logger;
  /** Is there a job of this recording in the queue? */
  readonly isQueued: (recordingId: string) => boolean;
}

/** What RWS is told of uploads. */
export class UploadReports {
  readonly #deps: UploadReportsDeps;
  /** Recordings whose "Uploaded" report waits for their end. */
  readonly #owed = new Set<string>();

  constructor(deps: UploadReportsDeps) {
    this.#deps = deps;
  }

  /** "Uploaded" is said of a whole recording: when all its segments are there, and no more are to come. */
  uploaded(job: SpoolJob): void {
    this.#whenWhole(job).catch((error: unknown) =>
      this.#deps.log.error('an upload could not be reported', { reason: describeError(error) }),
    );
  }

  failed(job: SpoolJob, failure: UploadFailure): void {
    report(this.#deps.logins.find(job), job, 'Failed', failure);
  }

  async #whenWhole(job: SpoolJob): Promise<void> {
    const { recordingId } = job;
    if (this.#owed.has(recordingId)) return;
    const { jobs, logins, isQueued } = this.#deps;
    const login = logins.find(job);
    this.#owed.add(recordingId);
    await jobs.whenRecorded(recordingId);
    this.#owed.delete(recordingId);
    if (!isQueued(recordingId)) report(login, job, 'Uploaded');
  }
}

function report(login: UploadLogin | undefined, job: SpoolJob, state: 'Uploaded' | 'Failed', failure?: UploadFailure): void {
  const { startTime, stopTime } = job.metadata;
  login?.report({ recordingId: job.recordingId, state, startTime, stopTime, ...failure });
}
