import axios from 'axios';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import type { Clock } from '../../lib/clock';
import { isAppError } from '../../shared/errors';
import { RwsError } from '../../shared/rws-error';
import type { Connections, ConnectionNotes, ProxyRefusal } from './connections';
import type { RawAnswer } from './envelope';
import { readAnswerBody } from './answer-body';
import { toNetworkError, toProgramFault } from './network-error';
import type { RwsHeaders } from '../ports';
import { ExchangeWatch, toAborted, type ExchangeLimits } from './exchange-watch';
import { omitUndefined } from '../../shared/omit-undefined';

export interface ExchangeRequest extends ExchangeLimits {
  readonly method: string;
  readonly server: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | (() => Readable);
}

/** A stale socket shows at once; one that is cut later had a request the server saw, and whoever sent it backs off. */
const STALE_WITHIN_MS = 200;

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
  const sentAt = clock.steady();
  try {
    return await attempt(request, { connections, clock, notes }, signal);
  } catch (error) {
    const isStale = notes.isReused === true && isCut(error) && clock.steady() - sentAt < STALE_WITHIN_MS;
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
  const watch = new ExchangeWatch(clock, request, signal);
  const body = typeof request.body === 'function' ? meter(request.body(), watch) : request.body;
  try {
    const agent = await connections.agent();
    const response = await axios.request<Readable>({
      adapter: 'http',
      method: request.method,
      url: `${request.server}${request.path}`,
      headers: { ...request.headers },
      ...omitUndefined({ data: body }),
      transformRequest: [(sent: unknown) => sent],
      responseType: 'stream',
      signal: watch.signal,
      httpAgent: agent,
      httpsAgent: agent,
      transport: connections.transport(notes),
      proxy: false,
      maxRedirects: 0,
      maxBodyLength: Number.POSITIVE_INFINITY,
      validateStatus: () => true,
    });
    watch.touch();
    const { status } = response;
    const bytes = await readAnswerBody(response.data, watch, { server: request.server, status, isSent: notes.isSent?.() ?? true });
    if (watch.bodyFault !== undefined) throw watch.bodyFault;
    if (notes.proxyRefusal !== undefined) throw toProxyError(notes.proxyRefusal);
    return { status, headers: toPlainHeaders(response.headers), bytes };
  } catch (error) {
    if (notes.proxyRefusal !== undefined) throw toProxyError(notes.proxyRefusal);
    throw watch.explain() ?? toFailure(error, request, notes);
  } finally {
    watch.end();
    if (body instanceof Transform) body.destroy();
  }
}

/**
 * The body as it is sent, with every piece counted as a sign of life. Between two pieces what has arrived is read: a write to a socket
 * that was reset destroys it, and an answer that waits there would be lost.
 */
function meter(source: Readable, watch: ExchangeWatch): Transform {
  const metered = new Transform({
    transform(chunk, _encoding, next) {
      watch.touch();
      setImmediate(() => next(null, chunk));
    },
  });
  // Before the pipeline listens: an error that comes after the request has ended is only its echo.
  source.once('error', (error) => {
    if (!metered.destroyed) watch.noteBodyFault(error);
  });
  pipeline(source, metered, () => undefined);
  return metered;
}

function toPlainHeaders(headers: object): RwsHeaders {
  return Object.fromEntries(
    Object.entries(headers)
      .filter((entry): entry is [string, string | string[]] => typeof entry[1] === 'string' || Array.isArray(entry[1]))
      .map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function toFailure(error: unknown, { server }: ExchangeRequest, { certificate }: ConnectionNotes): Error {
  if (error instanceof RwsError || isAppError(error, 'aborted')) return error;
  return toProgramFault(error) ?? toNetworkError(error, server, certificate);
}

function isCut(error: unknown): boolean {
  const code = error instanceof RwsError ? (error.cause as { code?: unknown } | undefined)?.code : undefined;
  return code === 'ECONNRESET' || code === 'EPIPE';
}

function toProxyError({ status, proxy, hadLogin, schemes }: ProxyRefusal): RwsError {
  const isAboutLogin = status === 407 || (status === 401 && hadLogin); // tinyproxy answers a wrong password with 401
  const what = isAboutLogin ? wayToLogIn(schemes, hadLogin) : 'ask its administrator to admit RWS.';
  return new RwsError({ kind: 'unavailable', statusMessage: `The proxy ${proxy} refused the way to RWS with HTTP ${status}: ${what}` });
}

function wayToLogIn(schemes: readonly string[], hadLogin: boolean): string {
  const offered = schemes.length === 0 ? '' : ` (it offers ${schemes.join(', ')})`;
  if (schemes.length > 0 && !schemes.some((scheme) => scheme.toLowerCase() === 'basic')) {
    return `it wants a login${offered}, and this service knows Basic only: let RWS through without one.`;
  }
  if (hadLogin) return `it does not take the user and password of its address${offered}: correct them in rws.proxy.`;
  return `it wants a login${offered}: put user and password into rws.proxy (http://user:password@host:port), or let RWS through without one.`;
}
