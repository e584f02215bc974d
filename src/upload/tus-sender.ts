import type { HttpRequest, HttpResponse, HttpStack, Upload, UploadOptions } from 'tus-js-client';
import { isAppError } from '../shared/errors';
import { isRwsError, RWS_STATUS, RwsError } from '../shared/rws-error';
import type { RwsHttp, RwsRequest, RwsResponse } from '../rws/ports';
import { compareWithAnswer, demandSuccess, hasEnvelope, type MediaSend } from './media-sender';

export interface TusSend extends MediaSend {
  /** The login was validated right before. */
  readonly isLoginFresh: boolean;
  /** Where the upload goes on or came to be; `undefined`: it is gone from the server. */
  readonly onTusUrl: (tusUrl: string | undefined) => void;
}

const HTTP = { forbidden: 403, notFound: 404, methodNotAllowed: 405, conflict: 409, gone: 410, locked: 423 } as const;
/** The server has forgotten the upload. */
const GONE: readonly (number | undefined)[] = [HTTP.notFound, HTTP.gone];

/**
 * One upload over tus 1.0, from where an earlier one broke off (rws.md, *Upload*). The protocol is tus-js-client's; every request goes
 * through `RwsHttp`, so that login, cookies, CSRF, proxy and trust are those of every other call. Throws as `RwsHttp.request` does.
 */
export async function sendResumable(endpoint: string, send: TusSend): Promise<void> {
  const { Upload } = await import('tus-js-client'); // Only where the server offers it.
  const { job, login } = send;
  const tusUrl = ownUrl(login.http, job.tusUrl);
  const response = await run((events) => {
    const options: UploadOptions = {
      endpoint: `${login.http.server}${endpoint}`,
      uploadUrl: tusUrl ?? null,
      uploadSize: job.size,
      metadata: { filename: job.mediaId, filetype: job.metadata.mediaFiles[0].type, metadata: JSON.stringify(job.metadata) },
      httpStack: new RwsHttpStack(send),
      fileReader: { openFile: () => Promise.resolve(mediaSource(job.size)) },
      retryDelays: null, // The queue decides when to try again.
      storeFingerprintForResuming: false,
      onUploadUrlAvailable: () =>
        send.onTusUrl(upload.url === null ? undefined : `${login.http.server}${pathBelow(login.http.server, upload.url)}`),
      ...events,
    };
    const upload: Upload = new Upload(Buffer.alloc(0), options);
    return upload;
  });
  if (!(response instanceof RwsTusResponse)) return;
  // tus itself asks for no body; where RWS sends one, it has to say that the upload is well.
  if (hasEnvelope(response.answer)) demandSuccess(response.answer);
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

/** An address of this server, and of no other: the other data centre knows nothing of it, and the credentials go there. */
export function ownUrl(http: RwsHttp, tusUrl: string | undefined): string | undefined {
  return tusUrl?.startsWith(`${http.server}/`) === true ? tusUrl : undefined;
}

/** Below the server, whatever host a Location named: a server behind a proxy may know only its inner name. */
function pathBelow(server: string, url: string): string {
  const { pathname, search } = new URL(url);
  const base = new URL(server).pathname.replace(/\/$/, '');
  return `${pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname}${search}`;
}

interface MediaSlice {
  /** In bytes; the name is tus-js-client's. */
  readonly size: number;
  readonly offset: number;
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

class RwsHttpStack implements HttpStack {
  readonly #send: TusSend;

  constructor(send: TusSend) {
    this.#send = send;
  }

  createRequest(method: string, url: string): HttpRequest {
    return new RwsTusRequest(this.#send, method as RwsRequest['method'], url);
  }

  getName(): string {
    return 'RwsHttp';
  }
}

class RwsTusRequest implements HttpRequest {
  readonly #send: TusSend;
  readonly #method: RwsRequest['method'];
  readonly #url: string;
  readonly #headers = new Map<string, string>();

  constructor(send: TusSend, method: RwsRequest['method'], url: string) {
    this.#send = send;
    this.#method = method;
    this.#url = url;
  }

  getMethod(): string {
    return this.#method;
  }

  getURL(): string {
    return this.#url;
  }

  setHeader(header: string, value: string): void {
    this.#headers.set(header, value);
  }

  getHeader(header: string): string | undefined {
    return this.#headers.get(header);
  }

  /** Progress is counted where the bytes are read. */
  setProgressHandler(): void {}

  abort(): Promise<void> {
    return Promise.resolve();
  }

  getUnderlyingObject(): undefined {
    return undefined;
  }

  async send(slice: MediaSlice | null): Promise<HttpResponse> {
    const { login, openMedia, signal, idleTimeoutMs } = this.#send;
    const { 'Content-Type': contentType, ...headers } = Object.fromEntries(this.#headers) as Record<string, string>;
    const body =
      slice === null
        ? undefined
        : { open: () => openMedia(slice.offset), length: slice.size, contentType: contentType ?? 'application/octet-stream' };
    try {
      const answer = await login.http.request(
        {
          method: this.#method,
          path: pathBelow(login.http.server, this.#url),
          headers,
          ...(body === undefined ? {} : { body }),
          idleTimeoutMs,
        },
        signal,
      );
      return this.#method === 'HEAD' && this.#isFinished(answer) ? this.#createAnew(HTTP.notFound) : new RwsTusResponse(answer);
    } catch (error) {
      return this.#onRefusal(error);
    }
  }

  /**
   * All bytes arrived, but what RWS made of them was in the answer to the last PATCH, which failed or was lost. HEAD cannot say it; creating
   * the upload anew does: RWS has the recording (409), or takes its bytes again.
   */
  #isFinished({ headers }: RwsResponse): boolean {
    const length = Number(headers['upload-length']);
    return Number.isFinite(length) && (length === Number(headers['upload-offset']) || length !== this.#send.job.size);
  }

  /** Without an upload to go on with, tus-js-client creates one. */
  #createAnew(status: number): HttpResponse {
    this.#send.onTusUrl(undefined);
    return new RwsTusResponse({ status, headers: {}, body: undefined });
  }

  /** Some answers mean something else in tus than in the rest of RWS. */
  #onRefusal(error: unknown): HttpResponse {
    if (!isRwsError(error) || error.httpStatus === undefined) throw error;
    const { httpStatus, statusCode } = error;
    if (this.#method === 'HEAD' && httpStatus === HTTP.forbidden) return this.#onForbiddenHead(error);
    if (this.#method !== 'POST' && GONE.includes(httpStatus)) {
      if (this.#method === 'HEAD') return this.#createAnew(httpStatus);
      this.#send.onTusUrl(undefined);
      throw asUnavailable(error);
    }
    const isOtherOffset = this.#method === 'PATCH' && httpStatus === HTTP.conflict && statusCode !== RWS_STATUS.alreadyExists;
    throw isOtherOffset || httpStatus === HTTP.locked ? asUnavailable(error) : error;
  }

  /** HEAD has no body, so nothing says whether the session or the upload is refused: the login is validated, then a new upload is asked for. */
  #onForbiddenHead({ httpStatus, statusMessage }: RwsError): HttpResponse {
    if (!this.#send.isLoginFresh)
      throw new RwsError({ kind: 'unauthenticated', statusMessage, ...(httpStatus === undefined ? {} : { httpStatus }) });
    return this.#createAnew(HTTP.forbidden);
  }
}

function asUnavailable({ httpStatus, statusMessage, cause }: RwsError): RwsError {
  return new RwsError({ kind: 'unavailable', statusMessage, cause, ...(httpStatus === undefined ? {} : { httpStatus }) });
}

class RwsTusResponse implements HttpResponse {
  readonly answer: RwsResponse;

  constructor(answer: RwsResponse) {
    this.answer = answer;
  }

  getStatus(): number {
    return this.answer.status;
  }

  getHeader(header: string): string | undefined {
    const value = this.answer.headers[header.toLowerCase()];
    return typeof value === 'string' ? value : value?.[0];
  }

  getBody(): string {
    return '';
  }

  getUnderlyingObject(): undefined {
    return undefined;
  }
}
