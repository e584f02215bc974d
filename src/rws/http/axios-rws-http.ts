import type { Clock } from '../../lib/clock';
import type { Credentials, RwsHttp, RwsRequest, RwsResponse } from '../ports';
import { AppError } from '../../shared/errors';
import { RwsError } from '../../shared/rws-error';
import { BasicAuthorization } from './basic-authorization';
import type { Connections } from './connections';
import { CsrfToken } from './csrf-token';
import { isCsrfRefusal, isUnauthenticated, parseJson, toRwsError, type RawAnswer } from './envelope';
import { exchange } from './exchange';
import type { CredentialTries } from './refused-credentials';
import { SessionCookies } from './session-cookies';
import { omitUndefined } from '../../shared/omit-undefined';

interface AxiosRwsHttpDeps {
  readonly server: string;
  readonly credentials: Credentials;
  readonly mePath: string;
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly connections: Connections;
  readonly clock: Clock;
  /** Shared by all who use these credentials. */
  readonly tries: CredentialTries;
}

/**
 * `RwsHttp` on axios. INVARIANTS: one cookie jar, one CSRF token and one set of sockets, used by REST, CometD and uploads alike;
 * credentials leave this class only in the `Authorization` header, to `server` alone; after `close` nothing is sent any more; credentials
 * that RWS refused are validated before anything else is sent with them, as far as `tries` allows it.
 */
export class AxiosRwsHttp implements RwsHttp {
  readonly server: string;
  readonly userName: string;
  readonly #deps: AxiosRwsHttpDeps;
  readonly #authorization: BasicAuthorization;
  readonly #csrf = new CsrfToken();
  readonly #cookies = new SessionCookies();
  #refreshing: Promise<void> | undefined;
  #isClosed = false;

  constructor(deps: AxiosRwsHttpDeps) {
    this.#deps = deps;
    this.server = deps.server;
    this.userName = deps.credentials.userName;
    this.#authorization = new BasicAuthorization(deps.credentials, deps.tries);
  }

  async request(request: RwsRequest, signal?: AbortSignal): Promise<RwsResponse> {
    let answer = await this.#send(request, signal);
    if (isCsrfRefusal(answer)) {
      await this.refresh(signal);
      // A stream may be large: whoever owns it decides when it is sent again, with the fresh token.
      if (isStream(request)) throw csrfRefusedStream();
      answer = await this.#send(request, signal);
    }
    const error = toRwsError(answer, this.#deps.clock.now());
    if (error !== undefined) throw error;
    return { status: answer.status, headers: answer.headers, body: parseJson(answer) };
  }

  /** Concurrent callers share one GET. */
  async refresh(signal?: AbortSignal): Promise<void> {
    this.#refreshing ??= this.#validate().finally(() => (this.#refreshing = undefined));
    await (signal === undefined ? this.#refreshing : abortable(this.#refreshing, signal));
  }

  /** After sleep or a network change: idle sockets are dead without knowing it. */
  dropIdleSockets(): void {
    this.#deps.connections.dropIdle();
  }

  close(): void {
    this.#isClosed = true;
    this.#deps.connections.destroy();
    this.#cookies.clear();
  }

  async #validate(): Promise<void> {
    const error = toRwsError(await this.#send({ method: 'GET', path: this.#deps.mePath }), this.#deps.clock.now());
    if (error !== undefined) throw error;
  }

  async #send(request: RwsRequest, signal?: AbortSignal): Promise<RawAnswer> {
    const { tries, mePath } = this.#deps;
    if (request.method === 'GET' && request.path === mePath) {
      const validation = tries.validate(() => this.#ask(request, signal));
      const answer = await (signal === undefined ? validation : abortable(validation, signal));
      if (answer.status < 300 && !isUnauthenticated(answer)) this.#authorization.validated();
      return answer;
    }
    if (tries.isInDoubt) await this.refresh(signal);
    return this.#ask(request, signal);
  }

  async #ask(request: RwsRequest, signal?: AbortSignal): Promise<RawAnswer> {
    const answer = await this.#exchange(request, signal);
    if (!isUnauthenticated(answer)) {
      if (answer.status < 300) this.#authorization.accepted();
      return answer;
    }
    if (!this.#authorization.refused() || isStream(request)) return answer;
    const again = await this.#exchange(request, signal);
    if (isUnauthenticated(again)) this.#authorization.refused();
    return again;
  }

  async #exchange(request: RwsRequest, signal?: AbortSignal): Promise<RawAnswer> {
    if (this.#isClosed) throw new AppError('aborted', 'The login to RWS was dropped.');
    const { timeoutMs, connections, clock } = this.#deps;
    const url = `${this.server}${request.path}`;
    const { headers, body } = toBody(request);
    const totalTimeoutMs = request.totalTimeoutMs ?? (isStream(request) ? undefined : timeoutMs);
    const answer = await exchange(
      {
        method: request.method,
        server: this.server,
        path: request.path,
        headers: { ...(await this.#headers(request.method, url)), ...headers, ...request.headers },
        ...omitUndefined({ body }),
        idleTimeoutMs: request.idleTimeoutMs ?? timeoutMs,
        ...omitUndefined({ totalTimeoutMs }),
      },
      { connections, clock },
      signal,
    );
    this.#csrf.note(answer.headers);
    await this.#cookies.note(url, answer.headers, clock.now());
    return answer;
  }

  async #headers(method: string, url: string): Promise<Record<string, string>> {
    const cookie = await this.#cookies.headerFor(url);
    return {
      Accept: 'application/json',
      'User-Agent': this.#deps.userAgent,
      Authorization: this.#authorization.header,
      ...(cookie === '' ? {} : { Cookie: cookie }),
      ...this.#csrf.headersFor(method),
    };
  }
}

function isStream(request: RwsRequest): boolean {
  return request.body !== undefined && 'open' in request.body;
}

function toBody({ body }: RwsRequest): { headers: Record<string, string>; body?: Buffer | (() => import('node:stream').Readable) } {
  if (body === undefined) return { headers: {} };
  if ('open' in body) return { headers: { 'Content-Type': body.contentType, 'Content-Length': String(body.length) }, body: body.open };
  const bytes = Buffer.from(JSON.stringify(body.json));
  return { headers: { 'Content-Type': 'application/json', 'Content-Length': String(bytes.length) }, body: bytes };
}

function csrfRefusedStream(): RwsError {
  return new RwsError({ kind: 'unavailable', httpStatus: 403, statusMessage: 'Missing or invalid Csrf token' });
}

async function abortable<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = (): AppError => new AppError('aborted', 'The request to RWS was cancelled.', { cause: signal.reason });
  if (signal.aborted) throw aborted();
  let onAbort: () => void = () => undefined;
  const cancelled = new Promise<never>((_resolve, reject) => {
    onAbort = () => reject(aborted());
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([task, cancelled]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
