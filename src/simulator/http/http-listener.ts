import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../shared/errors';

export interface HttpListenerOptions {
  /** 0 means any free port; once given it is kept over `close` and `open`. */
  readonly port: number;
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** One loopback port that can be closed and opened again, as a server that restarts. */
export class HttpListener {
  readonly #handler: RequestListener;
  readonly #options: HttpListenerOptions;
  #port: number;
  #server: Server | undefined;

  constructor(handler: RequestListener, options: HttpListenerOptions) {
    this.#handler = handler;
    this.#options = options;
    this.#port = options.port;
  }

  get origin(): string {
    return `${this.#options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.#port}`;
  }

  get isOpen(): boolean {
    return this.#server !== undefined;
  }

  /** Resolves with the origin. Throws `AppError` `portTaken`. Does nothing when open. */
  async open(): Promise<string> {
    if (this.#server !== undefined) return this.origin;
    const { tls } = this.#options;
    const server = tls === undefined ? createHttpServer(this.#handler) : createHttpsServer(tls, this.#handler);
    // Uploads of any length over slow lines are what this is for; an idle client ends by its own time-outs.
    server.requestTimeout = 0;
    this.#server = server;
    try {
      await listen(server, this.#port);
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
    this.#port = (server.address() as AddressInfo).port;
    return this.origin;
  }

  /** Stops listening and cuts every connection. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  cutConnections(): void {
    this.#server?.closeAllConnections();
  }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE';
      reject(
        isTaken
          ? new AppError('portTaken', `Port ${port} on 127.0.0.1 is taken by another program. Choose another one.`, { cause })
          : new AppError('internal', `Could not listen on 127.0.0.1:${port}.`, { cause }),
      );
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
