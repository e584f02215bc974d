import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { AppError } from '../shared/errors';
import { answerBrokenRequest, answerUnreadableTarget } from './broken-request';
import type { TlsMaterial } from './ports';

export const LOOPBACK = '127.0.0.1';
const MIN_TLS_VERSION = 'TLSv1.2';

/** How much patience and room one listener has. */
export interface ListenerLimits {
  readonly maxConnections: number;
  /** From the connection (or the last answer's end) to the end of the headers. */
  readonly headersTimeoutMs: number;
  /** To the end of the body. */
  readonly requestTimeoutMs: number;
  /** Between two requests of one connection. */
  readonly idleTimeoutMs: number;
  readonly tlsHandshakeTimeoutMs: number;
  /** How often the above are looked after. */
  readonly checkEveryMs: number;
  /** What answers under way are given when the listener stops. */
  readonly stopGraceMs: number;
}

export const DEFAULT_LIMITS: ListenerLimits = {
  maxConnections: 128,
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  idleTimeoutMs: 15_000,
  tlsHandshakeTimeoutMs: 5_000,
  checkEveryMs: 5_000,
  stopGraceMs: 1_000,
};
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 100;

export interface ListenerOptions {
  readonly handler: RequestListener;
  readonly port: number;
  /** The setting a person changes when the port is taken. */
  readonly setting: 'http.port' | 'https.port';
  readonly limits: ListenerLimits;
  /** Makes it an HTTPS listener. */
  readonly tls?: TlsMaterial;
}

/** One listening socket on the loopback address. `stop` also ends its connections. */
export class Listener {
  readonly #server: Server | HttpsServer;
  readonly #options: ListenerOptions;
  readonly #sockets = new Set<Socket>();
  readonly #secured = new WeakSet<Duplex>();
  readonly #underWay = new WeakMap<Duplex, ServerResponse>();

  constructor(options: ListenerOptions) {
    this.#options = options;
    const { limits } = options;
    const http = {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: limits.idleTimeoutMs,
      connectionsCheckingInterval: limits.checkEveryMs,
      requireHostHeader: false, // a missing Host is answered like a wrong one, see middleware/host-check.ts
    };
    this.#server =
      options.tls === undefined
        ? createHttpServer(http)
        : createHttpsServer({ ...http, ...options.tls, minVersion: MIN_TLS_VERSION, handshakeTimeout: limits.tlsHandshakeTimeoutMs });
    this.#server.maxConnections = limits.maxConnections;
    this.#server.maxHeadersCount = MAX_HEADERS;
  }

  /** @returns the address, such as `http://127.0.0.1:8080`. Throws `AppError` `portTaken`. */
  async start(): Promise<string> {
    const server = this.#server;
    server.on('request', (request, response) => this.#handle(request, response));
    server.on('checkExpectation', (request, response) => this.#handle(request, response));
    server.on('secureConnection', (socket: Duplex) => this.#secured.add(socket));
    server.on('clientError', (error, socket) => this.#handleBroken(error, socket));
    server.on('connection', (socket: Socket) => this.#track(socket));
    await this.#listen();
    const { port } = server.address() as AddressInfo;
    return `${this.#options.tls === undefined ? 'http' : 'https'}://${LOOPBACK}:${port}`;
  }

  /** New connections get the new certificate; open ones keep theirs. */
  renew(tls: TlsMaterial): void {
    if ('setSecureContext' in this.#server) this.#server.setSecureContext({ ...tls, minVersion: MIN_TLS_VERSION });
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const grace = setTimeout(() => this.#sockets.forEach((socket) => socket.destroy()), this.#options.limits.stopGraceMs);
    await closed;
    clearTimeout(grace);
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    this.#underWay.set(socket, response);
    response.once('close', () => {
      if (this.#underWay.get(socket) === response) this.#underWay.delete(socket);
    });
    if (URL.canParse(request.url ?? '', `http://${LOOPBACK}`)) this.#options.handler(request, response);
    else answerUnreadableTarget(response);
  }

  #handleBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
    const isBeforeHandshake = this.#options.tls !== undefined && !this.#secured.has(socket);
    if (isBeforeHandshake)
      socket.destroy(); // nothing can be said to it, and what is written would wait for ever
    else answerBrokenRequest(error, socket, this.#underWay.get(socket));
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #listen(): Promise<void> {
    const { port, setting } = this.#options;
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException): void => reject(listenError(error, port, setting));
      this.#server.once('error', onError);
      this.#server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
        this.#server.off('error', onError);
        resolve();
      });
    });
  }
}

function listenError(error: NodeJS.ErrnoException, port: number, setting: string): AppError {
  if (error.code === 'EADDRINUSE') {
    return new AppError(
      'portTaken',
      `Could not listen on ${LOOPBACK}: port ${port} is taken by another program. End that program, or set ${setting}.`,
      {
        cause: error,
      },
    );
  }
  if (error.code === 'EACCES') {
    return new AppError(
      'portTaken',
      `Could not listen on ${LOOPBACK}: the system does not give port ${port} to this user. Set ${setting} to another.`,
      {
        cause: error,
      },
    );
  }
  return new AppError('internal', `Could not listen on ${LOOPBACK}, port ${port} (${setting}).`, { cause: error, isExpected: false });
}
