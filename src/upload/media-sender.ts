import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { RwsResponse } from '../rws/ports';
import { RWS_STATUS, RwsError } from '../shared/rws-error';
import { pathSegment } from '../shared/well-formed';
import type { SpoolJob } from '../spool/ports';
import { multipartBody } from './multipart-body';
import type { UploadLogin } from './ports';
import type { UploadNames } from './upload-names';

/** Of silence on the wire: a slow line may take hours for the whole, and a proxy may keep the answer back while it passes the file on. */
export const DEFAULT_IDLE_TIMEOUT_MS = 60_000;

export interface MediaSend {
  readonly job: SpoolJob;
  readonly login: UploadLogin;
  readonly contactCenterId: string;
  /** @param length default: to the end */
  readonly openMedia: (offset: number, length?: number) => Readable;
  readonly signal: AbortSignal;
  /** Of silence on the wire. */
  readonly idleTimeoutMs: number;
  readonly names: UploadNames['upload'];
}

/** Fills `{contactCenterId}`, `{recordingId}` and `{mediaId}` of a path of `rws.paths`. */
export function fillPath(template: string, { job, contactCenterId }: Pick<MediaSend, 'job' | 'contactCenterId'>): string {
  const values: Readonly<Record<string, string>> = { contactCenterId, recordingId: job.recordingId, mediaId: job.mediaId };
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => (values[name] === undefined ? whole : pathSegment(values[name])));
}

/** One multipart request. Resolves when RWS has the bytes; throws as `RwsHttp.request` does. */
export async function sendMultipart(path: string, { job, login, openMedia, signal, idleTimeoutMs, names }: MediaSend): Promise<void> {
  const body = multipartBody(job, { boundary: `srs-${randomUUID()}`, partNames: names.partNames }, () => openMedia(0));
  const response = await login.http.request({ method: 'POST', path, body, idleTimeoutMs }, signal);
  demandSuccess(response, names.success);
  compareWithAnswer(job, response);
}

const TAKEN: readonly number[] = [200, 201];

export function hasEnvelope({ body }: RwsResponse): boolean {
  return typeof body === 'object' && body !== null && 'statusCode' in body;
}

/**
 * With `statusCode0`, only 200 or 201 with statusCode 0 is RWS's word that it has the recording (rws.md, *Upload*), and the local file is
 * deleted upon it: a captive portal answers 200 to everything, and 202 or "partly ok" promise nothing. What more the other settings take
 * is no such word (`check-kept.ts`). Throws `RwsError`.
 */
export function demandSuccess(response: RwsResponse, success: UploadNames['upload']['success']): void {
  const { status, body } = response;
  const statusCode = hasEnvelope(response) ? (body as { readonly statusCode: unknown }).statusCode : undefined;
  const isOk = statusCode === RWS_STATUS.ok || statusCode === String(RWS_STATUS.ok);
  if (isOk && TAKEN.includes(status)) return;
  if (Number(statusCode) === RWS_STATUS.partlyOk) {
    const statusMessage = 'RWS says that it took the recording in part only.';
    throw new RwsError({ kind: 'refused', httpStatus: status, statusCode: RWS_STATUS.partlyOk, statusMessage });
  }
  if (success === 'any2xx' || (success === 'anyJson2xx' && body !== undefined)) return;
  throw new RwsError({
    kind: 'broken',
    httpStatus: status,
    statusMessage: hasEnvelope(response)
      ? 'The answer to the upload does not say that RWS has the recording.'
      : 'The answer to the upload did not come from RWS: something on the way gave it.',
  });
}

/** RWS says that it holds other bytes than were sent. */
export class MediaMismatch extends RwsError {}

/** RWS answered well, but does not show that it has the recording. */
export class UnseenMedia extends RwsError {}

/** If the server says what it holds, it must be what we sent. Throws `MediaMismatch`. */
export function compareWithAnswer(job: SpoolJob, { status, body }: RwsResponse): void {
  const { sha256, size } = (typeof body === 'object' && body !== null ? body : {}) as { sha256?: unknown; size?: unknown };
  const isSameHash = sha256 === undefined || (typeof sha256 === 'string' && sha256.toLowerCase() === job.sha256);
  // RWS writes sizes as strings.
  const isSameSize = size === undefined || size === job.size || size === String(job.size);
  if (isSameHash && isSameSize) return;
  throw new MediaMismatch({
    kind: 'broken',
    httpStatus: status,
    statusMessage: 'RWS answered that it holds other bytes than were sent: something on the way changed them.',
  });
}
