import { createServer as createHttpServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { answerBrokenRequest, answerUnreadableTarget } from './broken-request';
import type { Callers } from './callers';
import type { ConnectionRoom } from './connection-room';
import type { TlsMaterial } from '../lib/tls-material';

const MIN_TLS_VERSION = 'TLSv1.2';

export type LoopbackAddress = '127.0.0.1' | '::1';

/** How much patience and room one listener has. */
export interface ListenerLimits {
  /** Of both loopback addresses together. */
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
/** Request targets are relative to something; to what does not matter here. */
const BASE = 'http://localhost';

export interface ListenerOptions {
  readonly handler: RequestListener;
  readonly address: LoopbackAddress;
  readonly port: number;
  readonly limits: ListenerLimits;
  readonly room: ConnectionRoom;
  readonly callers: Callers;
  /** Makes it an HTTPS listener. */
  readonly tls?: TlsMaterial;
}

/** One listening socket. `stop` also ends its connections. */
export class Listener {
  readonly #server: Server | HttpsServer;
  readonly #options: ListenerOptions;
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
    this.#server.maxHeadersCount = MAX_HEADERS;
  }

  /** @returns the port. Rejects with what the system said, such as `EADDRINUSE`. */
  async start(): Promise<number> {
    const server = this.#server;
    server.on('request', (request, response) => this.#handle(request, response));
    server.on('checkExpectation', (request, response) => this.#handle(request, response));
    server.on('secureConnection', (socket: TLSSocket) => this.#secure(socket));
    server.on('clientError', (error, socket) => this.#handleBroken(error, socket));
    server.on('connection', (socket: Socket) => this.#track(socket));
    await this.#listen();
    return (server.address() as AddressInfo).port;
  }

  /** New connections get the new certificate; open ones keep theirs. */
  renew(tls: TlsMaterial): void {
    if ('setSecureContext' in this.#server) this.#server.setSecureContext({ ...tls, minVersion: MIN_TLS_VERSION });
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const grace = setTimeout(() => this.#options.room.clear(), this.#options.limits.stopGraceMs);
    await closed;
    clearTimeout(grace);
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    this.#options.room.serve(request, response);
    this.#underWay.set(socket, response);
    response.once('close', () => {
      if (this.#underWay.get(socket) === response) this.#underWay.delete(socket);
    });
    if (URL.canParse(request.url ?? '', BASE)) this.#options.handler(request, response);
    else answerUnreadableTarget(response);
  }

  #handleBroken(error: NodeJS.ErrnoException, socket: Duplex): void {
    const isBeforeHandshake = this.#options.tls !== undefined && !this.#secured.has(socket);
    if (isBeforeHandshake)
      socket.destroy(); // nothing can be said to it, and what is written would wait for ever
    else answerBrokenRequest(error, socket, this.#underWay.get(socket));
  }

  #track(socket: Socket): void {
    this.#options.room.enter(socket);
    if (this.#options.tls === undefined) void this.#options.callers.of(socket);
  }

  #secure(socket: TLSSocket): void {
    this.#secured.add(socket);
    void this.#options.callers.of(socket);
  }

  #listen(): Promise<void> {
    const { address, port } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port, host: address, exclusive: true, ipv6Only: true }, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
  }
}
