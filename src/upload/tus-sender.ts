import type { HttpResponse, Upload, UploadOptions } from 'tus-js-client';
import { isAppError } from '../shared/errors';
import { RwsError } from '../shared/rws-error';
import { ownUrl } from './resume-point';
import { compareWithAnswer, demandSuccess, hasEnvelope } from './media-sender';
import { pathBelow, RwsHttpStack, RwsTusResponse, type MediaSlice, type TusSend } from './rws-http-stack';
import { tusMetadata } from './tus-metadata';

/**
 * One upload over tus 1.0, from where an earlier one broke off (rws.md, *Upload*). The protocol is tus-js-client's; every request goes
 * through `RwsHttp`, so that login, cookies, CSRF, proxy and trust are those of every other call. Throws as `RwsHttp.request` does.
 */
export async function sendResumable(endpoint: string, send: TusSend): Promise<void> {
  const { Upload } = await import('tus-js-client'); // Only where the server offers it.
  const { job, login } = send;
  const tusUrl = ownUrl(login.http, send.resumePoint);
  const response = await run((events) => {
    const options: UploadOptions = {
      endpoint: `${login.http.server}${endpoint}`,
      uploadUrl: tusUrl ?? null,
      uploadSize: job.size,
      chunkSize: send.pieceBytes,
      metadata: tusMetadata(job),
      httpStack: new RwsHttpStack(send),
      fileReader: { openFile: () => Promise.resolve(mediaSource(job.size)) },
      retryDelays: null, // The queue decides when to try again.
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () =>
        send.resumePoint.move(upload.url === null ? undefined : `${login.http.server}${pathBelow(login.http.server, upload.url)}`),
      ...events,
    };
    const upload: Upload = new Upload(Buffer.alloc(0), options);
    return upload;
  });
  if (!(response instanceof RwsTusResponse)) return;
  // tus itself asks for no body; where RWS sends one, it has to say that the upload is well.
  if (hasEnvelope(response.answer)) demandSuccess(response.answer, send.names.success);
  compareWithAnswer(job, response.answer);
}

function run(create: (events: Pick<UploadOptions, 'onSuccess' | 'onError'>) => Upload): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    create({
      onSuccess: ({ lastResponse }) => resolve(lastResponse),
      onError: (error) => reject(causeOf(error)),
    }).start();
  });
}

/** What our own requests threw, out of tus-js-client's wrapping; its text names addresses and answers, so it is not passed on. */
function causeOf(error: Error): unknown {
  const cause = 'causingError' in error ? error.causingError : undefined;
  if (isAppError(cause)) return cause;
  return new RwsError({ kind: 'broken', statusMessage: 'RWS did not keep to the protocol for resumable uploads.', cause });
}

/** Slices are not bytes but where to read them: the request opens the sealed file when it is sent. */
function mediaSource(size: number): {
  size: number;
  slice: (start: number, end: number) => Promise<{ value: MediaSlice; done: boolean }>;
  close: () => void;
} {
  return {
    size,
    slice: (start, end) => Promise.resolve({ value: { offset: start, size: end - start }, done: end >= size }),
    close: () => undefined,
  };
}
