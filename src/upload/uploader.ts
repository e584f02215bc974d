import type { Readable } from 'node:stream';
import type { JobStore, SpoolJob } from '../spool/ports';
import type { Logger } from '../lib/logger';
import type { UploadConfiguration, RwsConfiguration } from '../config/schema';
import type { Clock } from '../lib/clock';
import { judgeFailure, type UploadOutcome } from './answer-table';
import { fillPath, sendMultipart, type MediaSend } from './media-sender';
import type { UploadLogin } from './ports';
import { isRwsError } from '../shared/rws-error';
import { metered } from './metered';

export interface UploaderDeps {
  readonly jobs: JobStore;
  readonly config: UploadConfiguration;
  readonly paths: Pick<RwsConfiguration['paths'], 'upload' | 'resumable'>;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface UploadRequest {
  readonly job: SpoolJob;
  readonly login: UploadLogin;
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number) => void;
  readonly onTusUrl: (tusUrl: string | undefined) => void;
}

/** Carries one job to RWS and says what became of it. */
export interface Uploader {
  /** Never throws. */
  upload(request: UploadRequest): Promise<UploadOutcome>;
  /** Why this login cannot carry the job; `undefined` when it can. */
  refusalOf(login: UploadLogin, job: SpoolJob): string | undefined;
  /** Logins changed: those that were refused may be asked again. */
  forgetRefusals(): void;
}

const NO_CONTACT_CENTER = 'RWS did not say which contact centre the agent belongs to, so there is no address to upload to.';

export function createUploader(deps: UploaderDeps): Uploader {
  const refused = new Map<string, string>();
  return {
    async upload(request) {
      const outcome = await attempt(deps, request);
      if (outcome.type === 'loginRefused') refused.set(request.login.userName, outcome.reason);
      return outcome;
    },
    refusalOf: (login, job) => refused.get(login.userName) ?? (contactCenterOf(login, job) === undefined ? NO_CONTACT_CENTER : undefined),
    forgetRefusals: () => refused.clear(),
  };
}

async function attempt(deps: UploaderDeps, request: UploadRequest): Promise<UploadOutcome> {
  const first = await tryOnce(deps, request);
  if (first.type !== 'refresh') return first;
  try {
    await request.login.http.refresh(request.signal);
  } catch (error) {
    if (isRwsError(error, 'unauthenticated'))
      return { type: 'loginRefused', reason: `RWS no longer accepts the login of ${request.login.userName}.` };
    const verdict = judgeFailure(error, request.login.isOwn);
    return verdict.type === 'interrupted' || verdict.type === 'retry' ? verdict : { type: 'retry', reason: first.reason };
  }
  const second = await tryOnce(deps, request);
  return second.type === 'refresh' ? { type: 'retry', reason: second.reason } : second;
}

async function tryOnce(deps: UploaderDeps, request: UploadRequest): Promise<ReturnType<typeof judgeFailure>> {
  const { job, login, signal, onProgress } = request;
  const contactCenterId = contactCenterOf(login, job);
  if (contactCenterId === undefined) return { type: 'retry', reason: NO_CONTACT_CENTER };
  const openMedia = (offset: number): Readable =>
    metered(deps.jobs.openMedia(job, offset), {
      kilobitsPerSecond: deps.config.maxKilobitsPerSecond,
      clock: deps.clock,
      offset,
      onProgress,
    });
  const send: MediaSend = { job, login, contactCenterId, openMedia, signal };
  try {
    await sendMultipart(fillPath(deps.paths.upload, send), send);
    return { type: 'done' };
  } catch (error) {
    return judgeFailure(error, login.isOwn);
  }
}

/** The recorded agent's contact centre; that of the login when the recording does not say. */
function contactCenterOf(login: UploadLogin, job: SpoolJob): string | undefined {
  return job.contactCenterId ?? login.contactCenterId;
}
