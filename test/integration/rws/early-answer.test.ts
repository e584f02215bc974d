import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { rwsSchema } from '../../../src/config/schema';
import { SystemClock } from '../../../src/lib/clock';
import { silentLogger } from '../../../src/lib/logger';
import { createRwsGateway } from '../../../src/rws/create-rws-gateway';
import type { RwsHttp } from '../../../src/rws/ports';
import { ME } from '../../support/scripted-rws';
import { credentials } from '../../support/session-under-test';

const WORDS = JSON.stringify({ statusCode: 2, statusMessage: 'The media is too large' });
const head = (status: number, fields: string): string =>
  `HTTP/1.1 ${status} Whatever\r\nContent-Type: application/json\r\n${fields}\r\n\r\n`;
const whole = (status: number): string => head(status, `Content-Length: ${WORDS.length}\r\nConnection: close`) + WORDS;

/** What a proxy does with a body it will not take, as soon as it has seen its announced length. */
const WAYS: Readonly<Record<string, (socket: Socket, status: number) => void>> = {
  'answers, and resets when more comes': (socket, status) => {
    socket.write(whole(status));
    socket.once('data', () => socket.resetAndDestroy());
  },
  'answers without saying how long, and resets': (socket, status) => {
    socket.write(head(status, 'Connection: close') + WORDS, () => socket.once('data', () => socket.resetAndDestroy()));
  },
  'gives half an answer, and resets': (socket, status) => {
    socket.write(whole(status).slice(0, -10), () => socket.once('data', () => socket.resetAndDestroy()));
  },
  'gives only the head, and resets': (socket, status) => {
    socket.write(head(status, `Content-Length: ${WORDS.length}`), () => socket.once('data', () => socket.resetAndDestroy()));
  },
  'gives only the head, and falls silent': (socket, status) => void socket.write(head(status, `Content-Length: ${WORDS.length}`)),
  'answers, and reads no more': (socket, status) => {
    socket.pause();
    socket.end(whole(status));
  },
};

describe('an answer that comes while the body is being sent', () => {
  let server: Server;
  let http: RwsHttp;
  let way: (socket: Socket) => void = () => undefined;
  let tries = 0;
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined).once('close', () => sockets.delete(socket)));
      let seen = '';
      const onData = (bytes: Buffer): void => {
        seen += bytes.toString('latin1');
        if (!seen.includes('\r\n\r\n')) return;
        if (seen.startsWith('GET ')) {
          const body = JSON.stringify({ statusCode: 0, ...ME });
          socket.end(
            `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
          );
          return;
        }
        socket.off('data', onData);
        tries += 1;
        way(socket);
      };
      socket.on('data', onData);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const ports = { clock: new SystemClock(), random: Math.random, log: silentLogger };
    const config = rwsSchema.parse({ timeoutSeconds: 5 });
    const gateway = createRwsGateway({ config, trigger: 'command', clientVersion: '8.5.100.00', ...ports });
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    ({ http } = await gateway.signIn(address, credentials(), AbortSignal.timeout(20_000)));
  });
  afterAll(async () => {
    sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => void (tries = 0));

  /** A body that never ends by itself, a piece every few milliseconds. */
  async function* pieces(): AsyncGenerator<Buffer> {
    for (;;) {
      yield Buffer.alloc(1024);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  const upload = (): Promise<unknown> => {
    const body = { open: () => Readable.from(pieces(), { objectMode: false }), length: 1e9, contentType: 'video/mp4' };
    return http
      .request({ method: 'POST', path: '/upload', body, idleTimeoutMs: 500 }, AbortSignal.timeout(10_000))
      .catch((error: unknown) => error);
  };

  it.each(Object.keys(WAYS).flatMap((name) => [413, 422, 503].map((status) => [name, status] as const)))(
    'counts when the server %s: %d',
    async (name, status) => {
      way = (socket) => WAYS[name]?.(socket, status);
      expect(await upload()).toMatchObject({ kind: status === 503 ? 'unavailable' : 'refused', httpStatus: status });
      expect(tries).toBe(1);
    },
  );

  it.each([401, 403, 409, 200, 201])('does not count when it is cut and its body would say what %d means', async (status) => {
    way = (socket) => WAYS['gives only the head, and resets']?.(socket, status);
    expect(await upload()).toMatchObject({ kind: 'unavailable', httpStatus: undefined });
  });
});
