import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = (request: SeenRequest, response: http.ServerResponse) => void;

/** A small real HTTP(S) server whose answers a test writes. */
export class ScriptedRws {
  readonly seen: SeenRequest[] = [];
  readonly #server: http.Server | https.Server;
  readonly #sockets = new Set<Socket>();
  readonly #scheme: string;

  constructor(answer: Answer, tls?: { readonly key: string; readonly cert: string }) {
    const handle: http.RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const seen = { method, path, headers, body: Buffer.concat(chunks).toString('utf8') };
        this.seen.push(seen);
        answer(seen, response);
      });
    };
    this.#scheme = tls === undefined ? 'http' : 'https';
    this.#server = tls === undefined ? http.createServer(handle) : https.createServer(tls, handle);
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Gives the origin, on 127.0.0.1. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** An RWS envelope. */
export function envelope(response: http.ServerResponse, status: number, body: object = {}, headers: http.OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify({ statusCode: 0, ...body }));
}

export const ME = { user: { id: 'u1', userName: 'ann', firstName: 'Ann', contactCenterId: 'cc' } };
