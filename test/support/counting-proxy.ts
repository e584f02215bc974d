import { once } from 'node:events';
import { createServer, request as sendOn, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CountingProxy {
  readonly origin: string;
  readonly requests: number;
  /** The most requests that were under way at the same time: begun, and neither answered nor cut. */
  readonly mostAtOnce: number;
  openConnections(): Promise<number>;
  stop(): Promise<void>;
}

/** Stands in front of a server on 127.0.0.1 and counts. A cut on its other side is a cut on this one. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target);
  let requests = 0;
  let underWay = 0;
  let mostAtOnce = 0;

  const pass = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    requests += 1;
    underWay += 1;
    mostAtOnce = Math.max(mostAtOnce, underWay);
    let isOver = false;
    /** Counted before whoever sent the request can know of it, so that the next one is never counted with it. */
    const over = (): void => {
      if (!isOver) underWay -= 1;
      isOver = true;
    };
    const cut = (): void => {
      over();
      incoming.socket.destroy();
    };
    const { method, url: path, headers } = incoming;
    const forwarded = sendOn({ hostname, port, method, path, headers, agent: false }, (answer) => {
      answer.once('end', over).once('error', cut);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forwarded.once('error', cut);
    outgoing.once('close', () => {
      over();
      forwarded.destroy();
      incoming.unpipe().resume(); // Answered before all of it came: the end of the connection is seen only by whoever reads on.
    });
    incoming.pipe(forwarded);
  };

  const server = createServer({ requestTimeout: 0 }, pass).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    get mostAtOnce() {
      return mostAtOnce;
    },
    openConnections: () =>
      new Promise((resolve, reject) => server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
