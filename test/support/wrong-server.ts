import { createServer, request as openRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly requestBody: string;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Our own server behind one that does something wrong: it may change what is asked (`before`) and what is answered (`after`). */
export interface Fault {
  readonly before?: (asked: { path: string; headers: IncomingHttpHeaders; body: string }) => void;
  readonly after?: (exchange: Exchange) => void;
}

export async function startWrongServer(upstream: string, { before, after }: Fault): Promise<{ url: URL; stop(): Promise<void> }> {
  const { host, port, hostname } = new URL(upstream);
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const asked = { path: request.url ?? '/', headers: { ...request.headers }, body: Buffer.concat(chunks).toString('utf8') };
      // Only its own name: what is asked for another one stays so.
      if (asked.headers.host === `127.0.0.1:${(server.address() as AddressInfo).port}`) asked.headers.host = host;
      before?.(asked);
      const onward = { hostname, port, method: request.method, path: asked.path, headers: asked.headers, agent: false as const };
      const forward = openRequest(onward, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => parts.push(chunk));
        answer.on('end', () => {
          const { 'content-length': _, 'transfer-encoding': __, ...headers } = answer.headers;
          const exchange: Exchange = {
            method: request.method ?? 'GET',
            path: asked.path,
            requestHeaders: request.headers,
            requestBody: asked.body,
            status: answer.statusCode ?? 0,
            headers,
            body: Buffer.concat(parts).toString('utf8'),
          };
          after?.(exchange);
          for (const [name, value] of Object.entries(exchange.headers)) if (value !== undefined) response.setHeader(name, value);
          response.writeHead(exchange.status).end(exchange.body);
        });
      });
      forward.on('error', () => response.destroy());
      forward.end(asked.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
