import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { AppError } from '../../shared/errors';
import type { SeenCertificate } from './network-error';

/** What one request learned about its connection beside the answer. */
export interface ConnectionNotes {
  certificate?: SeenCertificate;
  /** The proxy's refusal of CONNECT: it must not be taken for RWS's answer. */
  proxyRefusal?: ProxyRefusal;
  /** The socket had served an earlier request: the server may have closed it meanwhile. */
  isReused?: boolean;
  /** Has the whole body gone out? An answer that comes before is about what was announced. */
  isSent?: () => boolean;
}

export interface ProxyRefusal {
  readonly status: number;
  /** Host and port. */
  readonly proxy: string;
  /** User and password were given. */
  readonly hadLogin: boolean;
  /** The schemes of `Proxy-Authenticate`. */
  readonly schemes: readonly string[];
}

interface ConnectionsOptions {
  readonly server: string;
  readonly trust: SecureContext;
  /** Asked before every request: a computer changes networks, and a session outlives that. Default: a direct way. */
  readonly findProxy?: () => Promise<string | undefined>;
  readonly connectTimeoutMs: number;
}

/** The sockets of one login: kept alive, verified, through the proxy if there is one. Nothing is shared between logins. */
export class Connections {
  readonly #options: ConnectionsOptions;
  /** By proxy; `''`: the direct way. */
  readonly #agents = new Map<string, http.Agent>();
  #isDestroyed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** Of the way that leads to the server now. Throws `AppError` `aborted` when they were destroyed meanwhile. */
  async agent(): Promise<http.Agent> {
    const proxy = await this.#options.findProxy?.();
    if (this.#isDestroyed) throw new AppError('aborted', 'The login to RWS was dropped.');
    const key = proxy ?? '';
    const agent = this.#agents.get(key) ?? createAgent(this.#options, proxy);
    if (!this.#agents.has(key)) this.dropIdle(); // those of the way that no longer leads there
    this.#agents.set(key, agent);
    return agent;
  }

  /** For axios' `transport`: the plain Node request, with connect deadline, verification and notes. */
  transport(notes: ConnectionNotes): { request: typeof http.request } {
    const send = (options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void): http.ClientRequest => {
      const isTls = options.protocol === 'https:';
      const verified = { ...options, secureContext: this.#options.trust, rejectUnauthorized: true };
      const request = isTls ? https.request(verified, onResponse) : http.request(options, onResponse);
      notes.isSent = () => request.writableFinished;
      request.once('proxyConnect', ({ statusCode, headers }: ConnectAnswer) => {
        if (statusCode === 200) return;
        const { host, username } = options.agent instanceof HttpsProxyAgent ? options.agent.proxy : { host: '', username: '' };
        const schemes = schemesOf(headers['proxy-authenticate']);
        notes.proxyRefusal = { status: statusCode, proxy: host, hadLogin: username !== '', schemes };
      });
      this.#guardConnect(request, isTls, notes);
      return request;
    };
    return { request: send as typeof http.request };
  }

  /** After sleep or a network change idle sockets are dead without knowing it. */
  dropIdle(): void {
    for (const agent of this.#agents.values()) {
      for (const sockets of Object.values(agent.freeSockets)) sockets?.forEach((socket) => socket.destroy());
    }
  }

  destroy(): void {
    this.#isDestroyed = true;
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #guardConnect(request: http.ClientRequest, isTls: boolean, notes: ConnectionNotes): void {
    const { connectTimeoutMs } = this.#options;
    const timer = setTimeout(() => {
      request.destroy(Object.assign(new Error(`no connection within ${connectTimeoutMs} ms`), { code: 'ETIMEDOUT' }));
    }, connectTimeoutMs);
    const done = (): void => clearTimeout(timer);
    request.once('close', done);
    request.once('socket', (socket: Socket) => {
      notes.isReused = request.reusedSocket;
      if (request.reusedSocket) return done();
      if (socket instanceof TLSSocket) {
        // Ahead of Node's own listener, which destroys the socket when the certificate does not hold.
        socket.prependOnceListener('secure', () => noteCertificate(socket, notes));
      }
      socket.once(isTls ? 'secureConnect' : 'connect', done);
      if (!isTls && !socket.connecting) done();
    });
  }
}

function createAgent({ server, trust }: ConnectionsOptions, proxy: string | undefined): http.Agent {
  if (proxy !== undefined) return new HttpsProxyAgent(proxy, { keepAlive: true, secureContext: trust, rejectUnauthorized: true });
  return server.startsWith('https:') ? new https.Agent({ keepAlive: true }) : new http.Agent({ keepAlive: true });
}

interface ConnectAnswer {
  readonly statusCode: number;
  readonly headers: http.IncomingHttpHeaders;
}

/** One header may offer several, and each may come with parameters: `Negotiate, Basic realm="a, b"`. */
function schemesOf(asked: string | readonly string[] | undefined): readonly string[] {
  const offers = [asked ?? []].flat().flatMap((header) => header.replace(/"[^"]*"/g, '').split(','));
  const names = offers.map((offer) => /^\s*([A-Za-z][\w-]*)(?=\s+[^=\s]|\s*$)/.exec(offer)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}

function noteCertificate(socket: TLSSocket, notes: ConnectionNotes): void {
  const { subject, issuer } = socket.getPeerCertificate() ?? {};
  if (subject === undefined || issuer === undefined) return;
  notes.certificate = { subject: nameOf(subject), issuer: nameOf(issuer) };
}

function nameOf(name: object): string {
  const { CN, O } = name as { CN?: string | string[]; O?: string | string[] };
  return String(CN ?? O ?? 'an unnamed authority').slice(0, 100);
}
