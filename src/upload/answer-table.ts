import { isAppError } from '../shared/errors';
import { plainReason } from '../shared/plain-reason';
import { isRwsError, RWS_STATUS, type RwsError } from '../shared/rws-error';
import { StoreError } from '../recorder/store-error';
import { omitUndefined } from '../shared/omit-undefined';
import type { UploadFailure } from './ports';
import { MediaMismatch, UnseenMedia } from './media-sender';

/** What the answer to an upload means for its job (rws.md, *Upload* and *Whose login carries an upload*). */
export type UploadOutcome =
  | { readonly type: 'done' }
  /** RWS had it before: an earlier answer was lost. */
  | { readonly type: 'alreadyThere' }
  /** It was taken, but RWS says that it holds other bytes. */
  | { readonly type: 'mismatch'; readonly reason: string }
  /** `isLinkDown`: RWS was not reached, which is not the job's fault. */
  | { readonly type: 'retry'; readonly reason: string; readonly afterMs?: number; readonly isLinkDown?: boolean }
  /** The credentials no longer hold: kept until another login comes. */
  | { readonly type: 'loginRefused'; readonly reason: string }
  /** RWS wants it from the recorded agent only. */
  | { readonly type: 'ownAgentOnly'; readonly reason: string }
  | ({ readonly type: 'quarantine' } & UploadFailure)
  /** We broke it off (sleep, shutdown): no attempt was lost. */
  | { readonly type: 'interrupted' };

/** `refresh`: validate the login (which brings a new CSRF token) and try once more at once. */
export type UploadVerdict = UploadOutcome | { readonly type: 'refresh'; readonly reason: string };

const CSRF_TEXT = /csrf/i;
const HTTP_CONFLICT = 409;
const HTTP_FORBIDDEN = 403;

/** @param isOwn whether the recorded agent's own login carried it */
export function judgeFailure(error: unknown, isOwn: boolean): UploadVerdict {
  if (isAppError(error, 'aborted')) return { type: 'interrupted' };
  if (isRwsError(error)) return judgeRwsError(error, isOwn);
  if (error instanceof StoreError && error.failure === 'damaged') return { type: 'quarantine', reason: error.message, code: 'damaged' };
  return { type: 'retry', reason: plainReason(error) };
}

function judgeRwsError(error: RwsError, isOwn: boolean): UploadVerdict {
  const reason = describeAnswer(error);
  if (error instanceof MediaMismatch) return { type: 'mismatch', reason };
  if (error instanceof UnseenMedia) return { type: 'quarantine', reason, code: 'uploadNotShown' };
  if (isAlreadyThere(error)) return { type: 'alreadyThere' };
  if (error.httpStatus === HTTP_FORBIDDEN && CSRF_TEXT.test(error.statusMessage)) return { type: 'refresh', reason };
  if (error.kind === 'unauthenticated') return { type: 'refresh', reason };
  if (error.kind !== 'refused') {
    return {
      type: 'retry',
      reason,
      ...omitUndefined({ afterMs: error.retryAfterMs }),
      ...(error.isLinkDown ? { isLinkDown: true } : {}),
    };
  }
  if (error.httpStatus === HTTP_FORBIDDEN && !isOwn) return { type: 'ownAgentOnly', reason };
  return isFinal(error) ? { type: 'quarantine', reason, code: 'uploadRefused' } : { type: 'retry', reason };
}

export function isAlreadyThere({ kind, httpStatus, statusCode }: RwsError): boolean {
  return kind === 'refused' && (httpStatus === HTTP_CONFLICT || statusCode === RWS_STATUS.alreadyExists);
}

/** A 4xx is final. Behind a 2xx the envelope may speak of a server's fault, which another try may not meet. */
function isFinal({ httpStatus, statusCode }: RwsError): boolean {
  return httpStatus === undefined || httpStatus >= 400 || statusCode !== RWS_STATUS.internalError;
}

function describeAnswer({ httpStatus, statusCode, statusMessage }: RwsError): string {
  const codes = [httpStatus === undefined ? '' : `HTTP ${httpStatus}`, statusCode === undefined ? '' : `code ${statusCode}`].filter(
    Boolean,
  );
  return codes.length === 0 ? statusMessage : `${codes.join(', ')}: ${statusMessage}`;
}
