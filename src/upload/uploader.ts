import type { Readable } from 'node:stream';
import type { JobStore, SpoolJob } from '../spool/ports';
import type { UploadConfiguration, RwsConfiguration } from '../config/schema';
import type { Clock } from '../lib/clock';
import { judgeFailure, type UploadOutcome } from './answer-table';
import { DEFAULT_IDLE_TIMEOUT_MS, fillPath, sendMultipart, type MediaSend } from './media-sender';
import { ResumableOffer } from './resumable-offer';
import { sendResumable, type TusSend } from './tus-sender';
import type { UploadLogin } from './ports';
import { isRwsError } from '../shared/rws-error';
import { metered } from './metered';

export interface UploaderDeps {
  readonly jobs: JobStore;
  readonly config: UploadConfiguration;
  readonly paths: Pick<RwsConfiguration['paths'], 'upload' | 'resumable'>;
  readonly clock: Clock;
  /** Of silence on the wire, both ways. */
  readonly idleTimeoutMs?: number;
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

interface AttemptDeps extends UploaderDeps {
  readonly offer: ResumableOffer;
}

/** 404 and 405 where an upload should be created: there is no such thing after all. */
const NO_SUCH_RESOURCE: readonly (number | undefined)[] = [404, 405];
const NO_CONTACT_CENTER = 'RWS did not say which contact centre the agent belongs to, so there is no address to upload to.';

export function createUploader(deps: UploaderDeps): Uploader {
  const refused = new Map<string, string>();
  const offer = new ResumableOffer(deps.clock);
  return {
    async upload(request) {
      const outcome = await attempt({ ...deps, offer }, request);
      if (outcome.type === 'loginRefused') refused.set(request.login.userName, outcome.reason);
      return outcome;
    },
    refusalOf: (login, job) => refused.get(login.userName) ?? (contactCenterOf(login, job) === undefined ? NO_CONTACT_CENTER : undefined),
    forgetRefusals: () => refused.clear(),
  };
}

async function attempt(deps: AttemptDeps, asked: UploadRequest): Promise<UploadOutcome> {
  let { job } = asked;
  const onTusUrl = (tusUrl: string | undefined): void => {
    const { tusUrl: _, ...rest } = job;
    job = tusUrl === undefined ? rest : { ...rest, tusUrl };
    asked.onTusUrl(tusUrl);
  };
  const request = { ...asked, onTusUrl };
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
  const second = await tryOnce(deps, { ...request, job }, true);
  return second.type === 'refresh' ? { type: 'retry', reason: second.reason } : second;
}

async function tryOnce(deps: AttemptDeps, request: UploadRequest, isLoginFresh = false): Promise<ReturnType<typeof judgeFailure>> {
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
  const send: MediaSend = { job, login, contactCenterId, openMedia, signal, idleTimeoutMs: deps.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS };
  try {
    await sendMedia(deps, send, { onTusUrl: request.onTusUrl, isLoginFresh });
    return { type: 'done' };
  } catch (error) {
    return judgeFailure(error, login.isOwn);
  }
}

/** Over tus where the server offers it, so that a long upload continues after a break; else as one form. */
async function sendMedia({ offer, paths }: AttemptDeps, send: MediaSend, tus: Pick<TusSend, 'onTusUrl' | 'isLoginFresh'>): Promise<void> {
  const { http } = send.login;
  const resumable = fillPath(paths.resumable, send);
  if (!(await offer.isMade(http, resumable, send.signal))) return sendMultipart(fillPath(paths.upload, send), send);
  try {
    await sendResumable(resumable, { ...send, ...tus });
  } catch (error) {
    if (!isRwsError(error, 'refused') || !NO_SUCH_RESOURCE.includes(error.httpStatus)) throw error;
    offer.forget(http, resumable);
    await sendMultipart(fillPath(paths.upload, send), send);
  }
}

/** The recorded agent's contact centre; that of the login when the recording does not say. */
function contactCenterOf(login: UploadLogin, job: SpoolJob): string | undefined {
  return job.contactCenterId ?? login.contactCenterId;
}
