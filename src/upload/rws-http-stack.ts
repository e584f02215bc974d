import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import { isRwsError, RWS_STATUS, RwsError } from '../shared/rws-error';
import type { RwsRequest, RwsResponse } from '../rws/ports';
import { omitUndefined } from '../shared/omit-undefined';
import type { MediaSend } from './media-sender';
import type { ResumePoint } from './resume-point';
import { tusMetadataLength } from './tus-metadata';

export interface TusSend extends MediaSend {
  /** The login was validated right before. */
  readonly isLoginFresh: boolean;
  readonly resumePoint: ResumePoint;
  /** What one PATCH may carry; `Infinity`: everything. */
  readonly pieceBytes: number;
}

/** Somebody on the way does not take a body of this size (413 to a PATCH); smaller ones may pass. */
export class PieceTooLarge extends RwsError {}

const HTTP = {
  forbidden: 403,
  notFound: 404,
  methodNotAllowed: 405,
  conflict: 409,
  gone: 410,
  tooLarge: 413,
  locked: 423,
  badGateway: 502,
} as const;
/** The server has forgotten the upload. */
const GONE: readonly (number | undefined)[] = [HTTP.notFound, HTTP.gone];

const MAX_ECHOED_METADATA = 3 * 1024;

export interface MediaSlice {
  /** In bytes; the name is tus-js-client's. */
  readonly size: number;
  readonly offset: number;
}

/** What tus-js-client sends, sent by the session's own HTTP; some answers mean something else in tus than in the rest of RWS. */
export class RwsHttpStack implements HttpStack {
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
        : { open: () => openMedia(slice.offset, slice.size), length: slice.size, contentType: contentType ?? 'application/octet-stream' };
    try {
      const answer = await login.http.request(
        {
          method: this.#method,
          path: pathBelow(login.http.server, this.#url),
          headers,
          ...omitUndefined({ body }),
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
    this.#send.resumePoint.move(undefined);
    return new RwsTusResponse({ status, headers: {}, body: undefined });
  }

  /** Some answers mean something else in tus than in the rest of RWS. */
  #onRefusal(error: unknown): HttpResponse {
    if (!isRwsError(error) || error.httpStatus === undefined) throw error;
    const { httpStatus, statusCode } = error;
    if (this.#method === 'HEAD' && httpStatus === HTTP.forbidden) return this.#onForbiddenHead(error);
    if (this.#method === 'HEAD' && httpStatus === HTTP.badGateway && this.#isEchoLong()) return this.#createAnew(HTTP.notFound);
    if (this.#method !== 'POST' && GONE.includes(httpStatus)) {
      if (this.#method === 'HEAD') return this.#createAnew(httpStatus);
      this.#send.resumePoint.move(undefined);
      throw asUnavailable(error);
    }
    if (this.#method === 'PATCH' && httpStatus === HTTP.tooLarge) throw asTooLarge(error);
    const isOtherOffset = this.#method === 'PATCH' && httpStatus === HTTP.conflict && statusCode !== RWS_STATUS.alreadyExists;
    throw isOtherOffset || httpStatus === HTTP.locked ? asUnavailable(error) : error;
  }

  /** The answer to HEAD brings the metadata back, and nginx takes 4 KiB of headers from a server: more is a 502, every time. */
  #isEchoLong(): boolean {
    return tusMetadataLength(this.#send.job) > MAX_ECHOED_METADATA;
  }

  /** HEAD has no body, so nothing says whether the session or the upload is refused: the login is validated, then a new upload is asked for. */
  #onForbiddenHead({ httpStatus, statusMessage }: RwsError): HttpResponse {
    if (!this.#send.isLoginFresh) throw new RwsError({ kind: 'unauthenticated', statusMessage, ...omitUndefined({ httpStatus }) });
    return this.#createAnew(HTTP.forbidden);
  }
}

function asTooLarge({ statusCode, statusMessage, cause }: RwsError): PieceTooLarge {
  const code = omitUndefined({ statusCode });
  return new PieceTooLarge({ kind: 'refused', httpStatus: HTTP.tooLarge, statusMessage, cause, ...code });
}

function asUnavailable({ httpStatus, statusMessage, cause }: RwsError): RwsError {
  return new RwsError({ kind: 'unavailable', statusMessage, cause, ...omitUndefined({ httpStatus }) });
}

export class RwsTusResponse implements HttpResponse {
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

/** Below the server, whatever host a Location named: a server behind a proxy may know only its inner name. */
export function pathBelow(server: string, url: string): string {
  const { pathname, search } = new URL(url);
  const base = new URL(server).pathname.replace(/\/$/, '');
  return `${pathname.startsWith(`${base}/`) ? pathname.slice(base.length) : pathname}${search}`;
}
