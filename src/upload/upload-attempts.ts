import type { Logger } from '../lib/logger';
import { AppError } from '../shared/errors';
import type { SpoolJob } from '../spool/ports';
import type { UploadLogins } from './ports';
import type { ResumePoint } from './resume-point';
import type { UploadEvent } from './upload-state';
import type { Uploader } from './uploader';

export interface UploadAttemptsDeps {
  readonly logins: UploadLogins;
  readonly uploader: Pick<Uploader, 'upload'>;
  readonly log: Logger;
  /** As the queue's state has it. */
  readonly tusUrlOf: (mediaId: string) => string | undefined;
  readonly onEvent: (event: UploadEvent) => void;
}

/** The one upload that is on its way, if one is. */
export class UploadAttempts {
  readonly #deps: UploadAttemptsDeps;
  #aborter: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: UploadAttemptsDeps) {
    this.#deps = deps;
  }

  begin(attempt: number, job: SpoolJob): void {
    this.#running = this.#upload(attempt, job);
  }

  abort(): void {
    this.#aborter?.abort(new AppError('aborted', 'The upload was broken off by the service itself.'));
  }

  async ended(): Promise<void> {
    await this.#running;
  }

  async #upload(attempt: number, job: SpoolJob): Promise<void> {
    const { logins, uploader, log, onEvent } = this.#deps;
    const login = logins.find(job);
    if (login === undefined) return onEvent({ type: 'answered', attempt, outcome: { type: 'interrupted' } });
    const aborter = new AbortController();
    this.#aborter = aborter;
    const release = login.hold();
    const outcome = await uploader.upload({
      job,
      login,
      signal: aborter.signal,
      onProgress: (sent) => onEvent({ type: 'progressed', attempt, sent }),
      resumePoint: this.#resumePoint(attempt, job.mediaId),
    });
    release();
    if (outcome.type !== 'done') log.info('upload not done', { mediaId: job.mediaId, outcome });
    onEvent({ type: 'answered', attempt, outcome });
  }

  #resumePoint(attempt: number, mediaId: string): ResumePoint {
    const { tusUrlOf, onEvent } = this.#deps;
    return {
      get tusUrl() {
        return tusUrlOf(mediaId);
      },
      move: (tusUrl) => onEvent({ type: 'tusUrlKnown', attempt, tusUrl }),
    };
  }
}
