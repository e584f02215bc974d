import * as http from 'node:http';
import * as https from 'node:https';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import type { Route } from '../rws/http/proxy-finder';

/** How one server is reached, without an agent's credentials. */
export interface Way {
  readonly server: URL;
  readonly trust: SecureContext;
  readonly proxy: URL | undefined;
  /** Who named the proxy, or said that there is none. */
  readonly route: Route;
  readonly timeoutMs: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON */
  readonly body?: string;
  /** Whoever answers will do: to look at what is about to be refused. */
  readonly isFromAnybody?: boolean;
}

export interface ProxyAnswer {
  readonly status: number;
  /** The schemes of `Proxy-Authenticate`. */
  readonly schemes: readonly string[];
  readonly socket: Socket;
}

const MAX_BODY = 64 * 1024;

/** Rejects with the system's error, as everything here does. */
export async function openSocket(way: Way): Promise<Socket> {
  if (way.proxy === undefined) return connected(connectTcp({ host: hostOf(way.server), port: portOf(way.server) }), 'connect', way);
  const { status, socket } = await askProxy(way, way.proxy);
  if (status === 200) return socket;
  socket.destroy();
  throw Object.assign(new Error(`the proxy answered ${status}`), { code: 'ECONNREFUSED' });
}

/** Asks the proxy for a connection to the server. The caller ends the socket. */
export function askProxy({ server, timeoutMs }: Way, proxy: URL): Promise<ProxyAnswer> {
  const target = `${server.hostname}:${portOf(server)}`;
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const headers = {
    Host: target,
    ...(proxy.username === '' ? {} : { 'Proxy-Authorization': `Basic ${Buffer.from(login).toString('base64')}` }),
  };
  const { request: send } = proxy.protocol === 'https:' ? https : http;
  const options = { method: 'CONNECT', host: hostOf(proxy), port: portOf(proxy), path: target, headers, timeout: timeoutMs, agent: false };
  return new Promise((resolve, reject) => {
    const request = send(options);
    request.once('connect', ({ statusCode = 0, headers: { 'proxy-authenticate': asked } }, socket) => {
      // Where it has answered, what becomes of the socket is its user's business.
      socket.on('error', () => undefined);
      resolve({ status: statusCode, schemes: [asked ?? []].flat().map((each) => each.split(' ')[0] ?? ''), socket: socket as Socket });
    });
    endWhenLate(request);
    request.once('error', reject);
    request.end();
  });
}

/** A TLS connection whose certificate was not judged: `authorized` says whether it holds. */
export async function openTls(way: Way): Promise<TLSSocket> {
  const host = hostOf(way.server);
  const socket = await openSocket(way);
  const name = isIP(host) === 0 ? { servername: host } : {};
  return connected(connectTls({ socket, host, ...name, secureContext: way.trust, rejectUnauthorized: false }), 'secureConnect', way);
}

export async function ask(way: Way, { method, path, body, isFromAnybody = false }: Question): Promise<Answer> {
  const socket = way.server.protocol === 'https:' ? await openTls(way) : await openSocket(way);
  if ('authorizationError' in socket && !socket.authorized && !isFromAnybody) {
    socket.destroy();
    throw Object.assign(new Error('certificate refused'), { code: String(socket.authorizationError) });
  }
  const content = body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
  const headers = { Host: way.server.host, Connection: 'close', ...content };
  const base = way.server.pathname.replace(/\/$/, '');
  try {
    return await answerTo(
      http.request({ method, path: base + path, headers, timeout: way.timeoutMs, createConnection: () => socket }),
      body,
    );
  } finally {
    socket.destroy();
  }
}

function answerTo(request: http.ClientRequest, body: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text = (text + chunk).slice(0, MAX_BODY)));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.once('error', reject);
    });
    endWhenLate(request);
    request.once('error', reject);
    request.end(body);
  });
}

function connected<T extends Socket>(socket: T, event: 'connect' | 'secureConnect', { timeoutMs }: Way): Promise<T> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(timeoutMs, () => socket.destroy(tooLate()));
    socket.on('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('cut'), { code: 'ECONNRESET' })));
    socket.once(event, () => resolve(socket));
  });
}

function endWhenLate(request: http.ClientRequest): void {
  request.once('timeout', () => request.destroy(tooLate()));
}

const tooLate = (): Error => Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));
