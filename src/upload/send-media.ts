import { isRwsError } from '../shared/rws-error';
import { fillPath, sendMultipart, type MediaSend } from './media-sender';
import type { PieceSizes } from './piece-sizes';
import type { ResumableOffer } from './resumable-offer';
import { PieceTooLarge, type TusSend } from './rws-http-stack';
import { tusMetadataLength } from './tus-metadata';
import type { UploadNames } from './upload-names';
import { ownUrl } from './resume-point';
import { sendResumable } from './tus-sender';

export interface MediaWays {
  readonly offer: ResumableOffer;
  readonly sizes: PieceSizes;
  readonly rws: UploadNames;
}

export type TusState = Pick<TusSend, 'resumePoint' | 'isLoginFresh'>;

/** 404 and 405 where an upload should be created: there is no such thing after all. */
const NO_SUCH_RESOURCE: readonly (number | undefined)[] = [404, 405];
const HEADER_TOO_LONG = 431;
const BODY_TOO_LARGE = 413;
/** Tomcat and nginx take 8 KiB of headers, cookies and credentials included. */
const MAX_METADATA_HEADER = 6 * 1024;

/**
 * Over tus where the server offers it, so that a long upload continues after a break; else as one form. What a header does not hold goes
 * as a form too. Throws as `RwsHttp.request` does.
 */
export async function sendMedia(ways: MediaWays, send: MediaSend, tus: TusState): Promise<void> {
  const { http } = send.login;
  const resumable = fillPath(ways.rws.paths.resumable, send);
  const isBegun = ownUrl(http, tus.resumePoint) !== undefined;
  const sendForm = (): Promise<void> => sendMultipart(fillPath(ways.rws.paths.upload, send), send);
  const sendPieces = (): Promise<void> => sendInPieces(resumable, ways, { ...send, ...tus });
  if (!(await ways.offer.isMade(http, resumable, { signal: send.signal, isBegun }))) return sendForm();
  if (!isBegun && tusMetadataLength(send.job) > MAX_METADATA_HEADER) return sendLongMetadata(sendForm, sendPieces);
  try {
    await sendPieces();
  } catch (error) {
    if (isRefusedWith(error, NO_SUCH_RESOURCE)) ways.offer.forget(http, resumable);
    else if (!isRefusedWith(error, [HEADER_TOO_LONG])) throw error;
    await sendForm();
  }
}

/** A form that is too large for somebody on the way may still pass in pieces, if the header does. */
async function sendLongMetadata(sendForm: () => Promise<void>, sendPieces: () => Promise<void>): Promise<void> {
  try {
    await sendForm();
  } catch (tooLarge) {
    if (!isRefusedWith(tooLarge, [BODY_TOO_LARGE])) throw tooLarge;
    await sendPieces().catch((error: unknown) => {
      throw isRwsError(error, 'refused') ? tooLarge : error;
    });
  }
}

/** As one PATCH, or in as many as the way to the server needs. */
async function sendInPieces(endpoint: string, { sizes }: MediaWays, send: Omit<TusSend, 'pieceBytes'>): Promise<void> {
  const { server } = send.login.http;
  for (;;) {
    const pieceBytes = sizes.of(server);
    try {
      return await sendResumable(endpoint, { ...send, pieceBytes });
    } catch (error) {
      if (!(error instanceof PieceTooLarge) || !sizes.noteRefused(server, Math.min(pieceBytes, send.job.size))) throw error;
    }
  }
}

function isRefusedWith(error: unknown, statuses: readonly (number | undefined)[]): boolean {
  return isRwsError(error, 'refused') && statuses.includes(error.httpStatus);
}
