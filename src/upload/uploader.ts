import type { Readable } from 'node:stream';
import type { JobStore, SpoolJob } from '../spool/ports';
import type { UploadConfiguration } from '../config/schema';
import type { Random } from '../lib/backoff';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { RwsHttp } from '../rws/ports';
import { DeadLinks } from './dead-links';
import { judgeFailure, type UploadOutcome, type UploadVerdict } from './answer-table';
import { DEFAULT_IDLE_TIMEOUT_MS, type MediaSend } from './media-sender';
import { sendAndCheck } from './check-kept';
import { asOnWire, type UploadNames } from './upload-names';
import { ResumableOffer } from './resumable-offer';
import { PieceSizes } from './piece-sizes';
import type { MediaWays } from './send-media';
import type { ResumePoint } from './resume-point';
import type { UploadLogin } from './ports';
import type { UploadBlock } from './upload-state';
import { isRwsError } from '../shared/rws-error';
import { firstBytes, metered } from './metered';

export interface UploaderDeps {
  readonly jobs: JobStore;
  readonly config: UploadConfiguration;
  readonly rws: UploadNames;
  readonly log: Logger;
  readonly clock: Clock;
  readonly random: Random;
  /** Of silence on the wire, both ways. */
  readonly idleTimeoutMs?: number;
}

export interface UploadRequest {
  readonly job: SpoolJob;
  readonly login: UploadLogin;
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number) => void;
  readonly resumePoint: ResumePoint;
}

/** Carries one job to RWS and says what became of it. */
export interface Uploader {
  /** Never throws. */
  upload(request: UploadRequest): Promise<UploadOutcome>;
  /** Why this login cannot carry the job now; `undefined` when it can. */
  blockOf(login: UploadLogin, job: SpoolJob): UploadBlock | undefined;
  /** What has kept this login from carrying the job for a while, with no answer in between that would have said otherwise. */
  troubleOf(login: UploadLogin, job: SpoolJob): UploadTrouble | undefined;
  /** Logins changed, or a person asked: those that were refused may be tried again, and so may servers that were away. */
  forgetRefusals(): void;
  /** After sleep, nothing is known of any link. */
  forgetLinks(): void;
}

export interface UploadTrouble {
  readonly kind: 'linkDown' | 'loginRefused' | 'noContactCenter';
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

interface LoginRefusal {
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** When it is tried again; epoch milliseconds. */
  readonly until: number;
}

type AttemptDeps = UploaderDeps & MediaWays;

const NO_CONTACT_CENTER = 'RWS did not say which contact centre the agent belongs to, so there is no address to upload to.';

/** RWS refuses accounts for a while too (locked, directory away). Seldom enough not to lock one by asking (rws.md, *Conventions*). */
const REFUSED_FOR_MS = 30 * 60_000;

export function createUploader(deps: UploaderDeps): Uploader {
  const { clock } = deps;
  /** By the login itself: a late refusal of an earlier one says nothing of the same agent's next. */
  let refused = new WeakMap<RwsHttp, LoginRefusal>();
  const ways: MediaWays = { offer: new ResumableOffer(clock), sizes: new PieceSizes(clock), rws: deps.rws };
  const links = new DeadLinks(deps);
  /** What RWS does not take of a login, though its name differs from the recorded agent's in case only. */
  let notTheirs = new WeakMap<RwsHttp, Set<string>>();
  return {
    async upload(request) {
      const { http } = request.login;
      const doubt = refused.has(http) ? { onAccepted: () => void refused.delete(http) } : undefined;
      const outcome = await attempt({ ...deps, ...ways }, request, doubt);
      if (outcome.type === 'retry' && outcome.isLinkDown === true) links.noteDown(http.server, outcome.reason);
      else if (outcome.type !== 'interrupted') links.noteUp(http.server);
      if (outcome.type === 'loginRefused') {
        const now = clock.steady();
        refused.set(http, { reason: outcome.reason, since: refused.get(http)?.since ?? now, until: now + REFUSED_FOR_MS });
      }
      if (outcome.type === 'ownAgentOnly') notTheirs.set(http, (notTheirs.get(http) ?? new Set<string>()).add(request.job.mediaId));
      return outcome;
    },
    blockOf(login, job) {
      const now = clock.steady();
      if (notTheirs.get(login.http)?.has(job.mediaId) === true) return waitsForAgent(job);
      const trouble = [links.of(login.http.server), refused.get(login.http)].find((found) => found !== undefined && found.until > now);
      if (trouble !== undefined) return trouble;
      return contactCenterOf(login, job) === undefined ? { reason: NO_CONTACT_CENTER } : undefined;
    },
    troubleOf(login, job) {
      const link = links.of(login.http.server);
      if (link !== undefined) return { kind: 'linkDown', ...link };
      const refusal = refused.get(login.http);
      if (refusal !== undefined) return { kind: 'loginRefused', ...refusal };
      if (contactCenterOf(login, job) !== undefined) return undefined;
      return { kind: 'noContactCenter', reason: NO_CONTACT_CENTER, since: clock.steady() - Math.max(0, clock.now() - job.createdAt) };
    },
    forgetRefusals() {
      refused = new WeakMap();
      notTheirs = new WeakMap();
      links.tryNow();
    },
    forgetLinks: () => links.clear(),
  };
}

/** @param doubt RWS refused this login before: then it is validated first, which costs one refusal and no media. */
async function attempt(deps: AttemptDeps, request: UploadRequest, doubt?: { readonly onAccepted: () => void }): Promise<UploadOutcome> {
  const first: UploadVerdict =
    doubt === undefined ? await tryOnce(deps, request) : { type: 'refresh', reason: 'RWS refused this login before.' };
  if (first.type !== 'refresh') return first;
  const refused = await validate(request, first.reason);
  if (refused !== undefined) return refused;
  doubt?.onAccepted();
  const second = await tryOnce(deps, request, true);
  return second.type === 'refresh' ? { type: 'retry', reason: second.reason } : second;
}

/** @returns what it means for the job when the login could not be validated */
async function validate({ job, login, signal }: UploadRequest, reason: string): Promise<UploadOutcome | undefined> {
  try {
    await login.http.refresh(signal);
    return undefined;
  } catch (error) {
    if (isRwsError(error, 'unauthenticated'))
      return { type: 'loginRefused', reason: `RWS no longer accepts the login of ${login.userName}.` };
    const verdict = judgeFailure(error, isSurelyOwn(login, job));
    return verdict.type === 'interrupted' || verdict.type === 'retry' ? verdict : { type: 'retry', reason };
  }
}

async function tryOnce(deps: AttemptDeps, request: UploadRequest, isLoginFresh = false): Promise<ReturnType<typeof judgeFailure>> {
  const { job, login, signal, onProgress } = request;
  const contactCenterId = contactCenterOf(login, job);
  if (contactCenterId === undefined) return { type: 'retry', reason: NO_CONTACT_CENTER };
  const openMedia = (offset: number, length?: number): Readable =>
    metered(firstBytes(deps.jobs.openMedia(job, offset), length), {
      kilobitsPerSecond: () => deps.config.maxKilobitsPerSecond,
      clock: deps.clock,
      offset,
      onProgress,
    });
  const { idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS, rws } = deps;
  const send: MediaSend = { job: asOnWire(job, rws), login, contactCenterId, openMedia, signal, idleTimeoutMs, names: rws.upload };
  try {
    await sendAndCheck(deps, { send, mediaId: job.mediaId }, { resumePoint: request.resumePoint, isLoginFresh });
    return { type: 'done' };
  } catch (error) {
    return judgeFailure(error, isSurelyOwn(login, job));
  }
}

export function waitsForAgent({ userName }: SpoolJob): UploadBlock {
  return { reason: `Waits for ${userName} to sign in: RWS takes it from nobody else.` };
}

/** Where RWS tells names of other case apart, the login is another agent's. */
function isSurelyOwn(login: UploadLogin, job: SpoolJob): boolean {
  return login.isOwn && login.userName === job.userName;
}

/** The recorded agent's contact centre; that of the login when the recording does not say. */
function contactCenterOf(login: UploadLogin, job: SpoolJob): string | undefined {
  return job.contactCenterId ?? login.contactCenterId;
}
