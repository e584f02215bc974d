import axios from 'axios';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import type { Clock } from '../lib/clock';
import { AppError } from '../shared/errors';
import { RwsError } from '../shared/rws-error';
import type { Connections, ConnectionNotes } from './connections';
import type { RawAnswer } from './envelope';
import { toNetworkError, toProgramFault } from './network-error';
import type { RwsHeaders } from './ports';

export interface ExchangeRequest {
  readonly method: string;
  readonly server: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | (() => Readable);
  /** Of silence, both ways; the wait for the answer's headers counts. */
  readonly idleTimeoutMs: number;
  readonly totalTimeoutMs?: number;
}

/** A stale socket shows at once; one that is cut later had a request the server saw, and whoever sent it backs off. */
const STALE_WITHIN_MS = 200;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * One request and its whole answer. Throws `RwsError` for every failure below HTTP, `AppError` `aborted` when the signal fired, and what
 * the body's own stream threw as it is: that is no fault of the network.
 * Deadlines: connect (in `Connections`), headers and idle (`idleTimeoutMs`), total.
 */
export async function exchange(
  request: ExchangeRequest,
  { connections, clock }: { readonly connections: Connections; readonly clock: Clock },
  signal?: AbortSignal,
): Promise<RawAnswer> {
  const notes: ConnectionNotes = {};
  const sentAt = clock.now();
  try {
    return await attempt(request, { connections, clock, notes }, signal);
  } catch (error) {
    const isStale = notes.isReused === true && isCut(error) && clock.now() - sentAt < STALE_WITHIN_MS;
    if (!isStale || typeof request.body === 'function' || signal?.aborted) throw error;
    // The server closed an idle kept-alive socket just as it was used again: it never saw the request.
    connections.dropIdle();
    return attempt(request, { connections, clock, notes: {} }, signal);
  }
}

async function attempt(
  request: ExchangeRequest,
  { connections, clock, notes }: { readonly connections: Connections; readonly clock: Clock; readonly notes: ConnectionNotes },
  signal?: AbortSignal,
): Promise<RawAnswer> {
  if (signal?.aborted) throw toAborted(signal);
  const watch = new Watch(clock, request, signal);
  const body = typeof request.body === 'function' ? meter(request.body(), watch) : request.body;
  try {
    const response = await axios.request<Readable>({
      adapter: 'http',
      method: request.method,
      url: `${request.server}${request.path}`,
      headers: { ...request.headers },
      ...(body === undefined ? {} : { data: body }),
      transformRequest: [(sent: unknown) => sent],
      responseType: 'stream',
      signal: watch.signal,
      httpAgent: connections.agent,
      httpsAgent: connections.agent,
      transport: connections.transport(notes),
      proxy: false,
      maxRedirects: 0,
      maxBodyLength: Number.POSITIVE_INFINITY,
      validateStatus: () => true,
    });
    watch.touch();
    const bytes = await readAll(response.data, watch, request.server);
    if (watch.bodyFault !== undefined) throw watch.bodyFault;
    if (notes.proxyStatus !== undefined) throw toProxyError(notes.proxyStatus);
    return { status: response.status, headers: toPlainHeaders(response.headers), bytes };
  } catch (error) {
    if (notes.proxyStatus !== undefined) throw toProxyError(notes.proxyStatus);
    throw watch.explain() ?? toFailure(error, request, notes);
  } finally {
    watch.end();
    if (body instanceof Transform) body.destroy();
  }
}

/** The idle and total deadlines of one request, and the caller's signal, as one signal. */
class Watch {
  readonly #clock: Clock;
  readonly #request: ExchangeRequest;
  readonly #caller: AbortSignal | undefined;
  readonly #controller = new AbortController();
  readonly #onCallerAbort = (): void => this.#controller.abort();
  readonly #stopTotal: () => void;
  #stopIdle: () => void = () => undefined;
  #timedOut: string | undefined;
  #bodyFault: Error | undefined;
  #isOver = false;

  constructor(clock: Clock, request: ExchangeRequest, caller: AbortSignal | undefined) {
    this.#clock = clock;
    this.#request = request;
    this.#caller = caller;
    caller?.addEventListener('abort', this.#onCallerAbort, { once: true });
    this.#stopTotal = request.totalTimeoutMs === undefined ? () => undefined : this.#arm(request.totalTimeoutMs);
    this.touch();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something moved on the wire. */
  touch(): void {
    if (this.#isOver) return; // A piece that was on its way when the answer came.
    this.#stopIdle();
    this.#stopIdle = this.#arm(this.#request.idleTimeoutMs);
  }

  end(): void {
    this.#isOver = true;
    this.#stopIdle();
    this.#stopTotal();
    this.#caller?.removeEventListener('abort', this.#onCallerAbort);
  }

  /** What was to be sent could not be read: the network has no part in that. */
  noteBodyFault(error: Error): void {
    this.#bodyFault ??= error;
  }

  get bodyFault(): Error | undefined {
    return this.#bodyFault;
  }

  /** The error when it was the caller, the body or a deadline that ended the request. */
  explain(): Error | undefined {
    if (this.#caller?.aborted) return toAborted(this.#caller);
    if (this.#bodyFault !== undefined) return this.#bodyFault;
    if (this.#timedOut === undefined) return undefined;
    const { host } = new URL(this.#request.server);
    return new RwsError({ kind: 'unavailable', statusMessage: `${host} did not answer within ${this.#timedOut} s.` });
  }

  #arm(ms: number): () => void {
    const timer = this.#clock.after(ms, () => {
      this.#timedOut = String(Math.round(ms / 100) / 10);
      this.#controller.abort();
    });
    return () => timer.cancel();
  }
}

/** The body as it is sent, with every piece counted as a sign of life. */
function meter(source: Readable, watch: Watch): Transform {
  const metered = new Transform({
    transform(chunk, _encoding, next) {
      watch.touch();
      next(null, chunk);
    },
  });
  // Before the pipeline listens: an error that comes after the request has ended is only its echo.
  source.once('error', (error) => {
    if (!metered.destroyed) watch.noteBodyFault(error);
  });
  pipeline(source, metered, () => undefined);
  return metered;
}

async function readAll(stream: Readable, watch: Watch, server: string): Promise<Buffer> {
  const onAbort = (): void => void stream.destroy(new Error('aborted'));
  watch.signal.addEventListener('abort', onAbort, { once: true });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      watch.touch();
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) {
        throw new RwsError({ kind: 'broken', statusMessage: `${new URL(server).host} sent an answer of over 16 MiB.` });
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } finally {
    watch.signal.removeEventListener('abort', onAbort);
  }
}

function toPlainHeaders(headers: object): RwsHeaders {
  return Object.fromEntries(
    Object.entries(headers)
      .filter((entry): entry is [string, string | string[]] => typeof entry[1] === 'string' || Array.isArray(entry[1]))
      .map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function toFailure(error: unknown, { server }: ExchangeRequest, { certificate }: ConnectionNotes): Error {
  if (error instanceof RwsError) return error;
  return toProgramFault(error) ?? toNetworkError(error, server, certificate);
}

function isCut(error: unknown): boolean {
  const code = error instanceof RwsError ? (error.cause as { code?: unknown } | undefined)?.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function toProxyError(status: number): RwsError {
  const hint = status === 407 ? 'it wants a login: put user and password into the proxy’s address' : 'ask its administrator to admit RWS';
  return new RwsError({ kind: 'unavailable', statusMessage: `The proxy refused the way to RWS with HTTP ${status}: ${hint}.` });
}

function toAborted(signal: AbortSignal): AppError {
  return new AppError('aborted', 'The request to RWS was cancelled.', { cause: signal.reason });
}
