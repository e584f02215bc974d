import { delay, type Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { isRwsError, type RwsError } from '../shared/rws-error';
import { isAlreadyThere } from './answer-table';
import { fillPath, MediaMismatch, UnseenMedia, type MediaSend } from './media-sender';
import { sendMedia, type MediaWays, type TusState } from './send-media';

interface CheckDeps extends MediaWays {
  readonly clock: Clock;
  readonly log: Logger;
}

interface CheckedSend {
  readonly send: MediaSend;
  /** Without a suffix. */
  readonly mediaId: string;
}

/** What was taken a moment ago may not be shown yet. */
const ASK_AGAIN_AFTER_MS = [500, 1500];
const HTTP_NOT_FOUND = 404;
/** The server has no HEAD: then its answer to the upload has to do, as the setting says. */
const CANNOT_ANSWER: readonly (number | undefined)[] = [405, 501];

/**
 * Sends as `sendMedia`. Where `rws.upload.success` takes less than RWS's clear word, the server then has to show a video of the size that
 * was sent, "already there" included, before the local file may go (rws.md, *Upload*). Throws as `sendMedia`, and `MediaMismatch` or
 * `UnseenMedia` when it does not show it.
 */
export async function sendAndCheck(deps: CheckDeps, checked: CheckedSend, tus: TusState): Promise<void> {
  try {
    await sendMedia(deps, checked.send, tus);
  } catch (error) {
    if (isRwsError(error) && isAlreadyThere(error)) await demandKept(deps, checked).catch(asKept);
    throw error;
  }
  await demandKept(deps, checked);
}

/** Sending it once more would be answered with "already there" once more. */
function asKept(error: unknown): never {
  throw error instanceof MediaMismatch
    ? new UnseenMedia({ kind: 'refused', statusMessage: `${error.statusMessage} It is kept here.` })
    : error;
}

async function demandKept({ rws, clock, log }: CheckDeps, { send, mediaId }: CheckedSend): Promise<void> {
  const template = rws.paths.content;
  if (rws.upload.success === 'statusCode0' || template === null) return;
  const path = fillPath(template, { ...send, job: { ...send.job, mediaId } });
  for (const waitMs of [...ASK_AGAIN_AFTER_MS, undefined]) {
    const answer = await askSize(send, path);
    if (answer === 'cannotAnswer') return log.warn('RWS has no HEAD to say what it holds: its answer to the upload has to do', { mediaId });
    if (answer !== 'notThere') return compareSize(send, answer);
    if (waitMs !== undefined) await delay(clock, waitMs, send.signal);
  }
  throw unseen(`does not find it at rws.paths.content`, HTTP_NOT_FOUND);
}

/** @returns in bytes; NaN when the answer does not say */
async function askSize({ login, signal }: MediaSend, path: string): Promise<number | 'notThere' | 'cannotAnswer'> {
  try {
    const { headers } = await login.http.request({ method: 'HEAD', path, headers: { 'Accept-Encoding': 'identity' } }, signal);
    return Number(headers['content-length']);
  } catch (error) {
    if (!isRwsError(error)) throw error;
    if (CANNOT_ANSWER.includes(error.httpStatus)) return 'cannotAnswer';
    if (error.httpStatus === HTTP_NOT_FOUND) return 'notThere';
    throw isRefusal(error) ? unseen('does not show it', error.httpStatus) : error;
  }
}

/** A redirection leads to where no credentials are sent. */
function isRefusal({ kind, httpStatus }: RwsError): boolean {
  return kind === 'refused' || (kind === 'broken' && httpStatus !== undefined && httpStatus >= 300);
}

function compareSize({ job }: MediaSend, size: number): void {
  if (size === job.size) return;
  if (Number.isNaN(size)) throw unseen('does not say how long it is');
  throw new MediaMismatch({
    kind: 'broken',
    statusMessage: `RWS shows a video of ${size} bytes where ${job.size} were sent.`,
  });
}

function unseen(what: string, httpStatus?: number): UnseenMedia {
  const remedy = 'Correct rws.paths.content, or set it to null where the server shows no videos.';
  return new UnseenMedia({
    kind: 'refused',
    ...(httpStatus === undefined ? {} : { httpStatus }),
    statusMessage: `RWS took the recording, but ${what}, so it is kept here. ${remedy}`,
  });
}
