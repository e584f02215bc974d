import { TextDecoder } from 'node:util';
import { MAX_RETRY_AFTER_MS, RWS_STATUS, RwsError, type RwsErrorKind } from '../../shared/rws-error';
import type { RwsHeaders } from '../ports';
import { CSRF_REFUSAL } from '../protocol';
import { omitUndefined } from '../../shared/omit-undefined';

/** An answer of RWS as it came, before anybody judged it. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: RwsHeaders;
  readonly bytes: Buffer;
}

export interface Envelope {
  readonly statusCode: number;
  readonly statusMessage?: string;
}

const RETRYABLE_HTTP = new Set([408, 425, 429]);
const SUCCESS: ReadonlySet<number> = new Set([RWS_STATUS.ok, RWS_STATUS.partlyOk]);
const PROCESSING_INCOMPLETE = 9;
const MAX_MESSAGE_LENGTH = 300;

/** The parsed JSON of a body, or `undefined` when it is empty or none. */
export function parseJson(answer: Pick<RawAnswer, 'headers' | 'bytes'>): unknown {
  if (answer.bytes.length === 0) return undefined;
  try {
    return JSON.parse(decodeBody(answer)) as unknown;
  } catch {
    return undefined; // HTML, cut JSON: the caller decides by what it needed
  }
}

/**
 * The text of a body, decoded as its `charset` says, and at once, so that no character is torn. Without a charset it is UTF-8, or what
 * older servers mean by none (ISO-8859-1) when it cannot be UTF-8.
 */
function decodeBody({ headers, bytes }: Pick<RawAnswer, 'headers' | 'bytes'>): string {
  const decoder = toDecoder(headers['content-type']);
  if (decoder !== undefined) return decoder.decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('iso-8859-1').decode(bytes);
  }
}

/** `undefined` for no charset, and for one that nobody knows. */
function toDecoder(contentType: RwsHeaders[string]): TextDecoder | undefined {
  const text = typeof contentType === 'string' ? contentType : contentType?.[0];
  const charset = /;\s*charset\s*=\s*["']?([^\s"';,]+)/i.exec(text ?? '')?.[1];
  if (charset === undefined) return undefined;
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
}

export function toEnvelope(body: unknown): Envelope | undefined {
  if (typeof body !== 'object' || body === null || !('statusCode' in body)) return undefined;
  // RWS may write numbers as strings; `null` or an empty text is no number, though `Number` makes them 0.
  const statusCode = typeof body.statusCode === 'string' && body.statusCode.trim() !== '' ? Number(body.statusCode) : body.statusCode;
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode)) return undefined;
  const message = 'statusMessage' in body && typeof body.statusMessage === 'string' ? body.statusMessage : undefined;
  return message === undefined ? { statusCode } : { statusCode, statusMessage: message.slice(0, MAX_MESSAGE_LENGTH) };
}

/** 403 with the one text that a fresh token cures, in an envelope or bare. */
export function isCsrfRefusal(answer: RawAnswer): boolean {
  return answer.status === 403 && CSRF_REFUSAL.test(decodeBody(answer));
}

/** Does the answer say that the credentials were not accepted? */
export function isUnauthenticated(answer: RawAnswer): boolean {
  return toRwsError(answer, 0)?.kind === 'unauthenticated';
}

/**
 * What an answer means (rws.md, *Conventions*): `undefined` is success. When HTTP fails and the body is no envelope, HTTP decides.
 * @param nowMs for a `Retry-After` that is a date
 */
export function toRwsError(answer: RawAnswer, nowMs: number): RwsError | undefined {
  const envelope = toEnvelope(parseJson(answer));
  const kind = classify(answer.status, envelope);
  if (kind === undefined) return undefined;
  const retryAfterMs = readRetryAfter(answer.headers['retry-after'], nowMs);
  return new RwsError({
    kind,
    httpStatus: answer.status,
    statusMessage: envelope?.statusMessage ?? describeStatus(answer, kind),
    ...omitUndefined({ statusCode: envelope?.statusCode, retryAfterMs }),
  });
}

function classify(status: number, envelope: Envelope | undefined): RwsErrorKind | undefined {
  if (status >= 500 || RETRYABLE_HTTP.has(status)) return 'unavailable';
  if (status === 401) return 'unauthenticated';
  if (status === 403) return envelope?.statusCode === RWS_STATUS.notAuthenticated ? 'unauthenticated' : 'refused';
  if (status >= 400) return 'refused';
  if (status >= 300) return 'broken';
  if (envelope === undefined || SUCCESS.has(envelope.statusCode)) return undefined;
  if (envelope.statusCode === RWS_STATUS.notAuthenticated) return 'unauthenticated';
  return envelope.statusCode === RWS_STATUS.internalError || envelope.statusCode === PROCESSING_INCOMPLETE ? 'unavailable' : 'refused';
}

function describeStatus(answer: RawAnswer, kind: RwsErrorKind): string {
  const { status } = answer;
  if (CSRF_REFUSAL.test(decodeBody(answer))) return 'Missing or invalid Csrf token';
  if (kind === 'unauthenticated') return 'RWS did not accept the credentials.';
  if (kind === 'broken') return `RWS answered HTTP ${status}, a redirection, which it never does: is something in between?`;
  return `RWS answered HTTP ${status}.`;
}

/** Seconds or an HTTP date; milliseconds from now, never negative, and capped. */
function readRetryAfter(header: RwsHeaders[string], nowMs: number): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d+$/.test(text)) return Math.min(MAX_RETRY_AFTER_MS, Number(text) * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, date - nowMs));
}
