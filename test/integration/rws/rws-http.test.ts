import * as http from 'node:http';
import * as net from 'node:net';
import { Readable } from 'node:stream';
import { inspect } from 'node:util';
import { rwsSchema } from '../../../src/config/schema';
import { SystemClock } from '../../../src/lib/clock';
import { silentLogger } from '../../../src/lib/logger';
import { createRwsGateway } from '../../../src/rws/create-rws-gateway';
import type { Credentials, RwsGateway } from '../../../src/rws/ports';
import { envelope, ME, ScriptedRws, type Answer } from '../../support/scripted-rws';
import { credentials } from '../../support/session-under-test';

const signal = (): AbortSignal => AbortSignal.timeout(20_000);
const basic = (pair: string, encoding: BufferEncoding): string => `Basic ${Buffer.from(pair, encoding).toString('base64')}`;

function gatewayWith(rws: object = {}): RwsGateway {
  const config = rwsSchema.parse({ timeoutSeconds: 0.5, ...rws });
  const ports = { clock: new SystemClock(), random: Math.random, log: silentLogger };
  return createRwsGateway({ config, trigger: 'command', clientVersion: '8.5.100.00', ...ports });
}

describe('HTTP to RWS', () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  async function serve(answer: Answer, tls?: { key: string; cert: string }): Promise<{ rws: ScriptedRws; server: string }> {
    const rws = new ScriptedRws(answer, tls);
    const server = await rws.start();
    stops.push(() => rws.stop());
    return { rws, server };
  }

  async function signIn(server: string, who: Credentials = credentials(), rws: object = {}) {
    const login = await gatewayWith(rws).signIn(server, who, signal());
    stops.push(async () => login.discard());
    return login;
  }

  const me: Answer = (_request, response) => envelope(response, 200, ME);

  it('sends Basic, its version, no body to GET, and parses the user', async () => {
    const { rws, server } = await serve(me);
    const { user } = await signIn(`${server}/`);
    expect(user).toEqual({ id: 'u1', userName: 'ann', firstName: 'Ann', contactCenterId: 'cc' });
    expect(rws.seen).toMatchObject([
      {
        method: 'GET',
        path: '/api/v2/me',
        headers: { authorization: basic('ann:secret', 'utf8'), 'user-agent': 'ScreenRecordingService/8.5.100.00' },
      },
    ]);
  });

  it('keeps a base path', async () => {
    const { rws, server } = await serve(me);
    await signIn(`${server}/gws/`);
    expect(rws.seen[0]?.path).toBe('/gws/api/v2/me');
  });

  it('returns every cookie, old and rotated', async () => {
    let count = 0;
    const { rws, server } = await serve((_request, response) => {
      count += 1;
      envelope(response, 200, ME, {
        'Set-Cookie': [`JSESSIONID=s${count}; Path=/; HttpOnly`, ...(count === 1 ? ['LB=node1; Path=/', 'odd="a b"; Path=/api'] : [])],
      });
    });
    const { http: client } = await signIn(server);
    await client.request({ method: 'POST', path: '/api/v2/me', body: { json: {} } });
    await client.request({ method: 'GET', path: '/internal-api/x' });
    await client.request({ method: 'POST', path: '/internal-api/x' });
    expect(rws.seen.map(({ headers }) => headers.cookie?.split('; ').sort().join('; '))).toEqual([
      undefined,
      'JSESSIONID=s1; LB=node1; odd="a b"',
      'JSESSIONID=s2; LB=node1',
      'JSESSIONID=s3; LB=node1',
    ]);
  });

  it('finds the CSRF token by indirection, sends it where state changes, and follows its rotation', async () => {
    let token = 'one';
    const { rws, server } = await serve((_request, response) =>
      envelope(response, 200, ME, { 'X-CSRF-HEADER': 'X-My-Token', 'X-My-Token': token }),
    );
    const { http: client } = await signIn(server);
    token = 'two';
    for (const method of ['GET', 'POST', 'PUT', 'DELETE'] as const) await client.request({ method, path: '/x' });
    expect(rws.seen.map(({ headers }) => headers['x-my-token'])).toEqual([undefined, undefined, 'two', 'two', 'two']);
  });

  it('works without CSRF headers', async () => {
    const { rws, server } = await serve(me);
    const { http: client } = await signIn(server);
    await client.request({ method: 'POST', path: '/x' });
    expect(Object.keys(rws.seen[1]?.headers ?? {}).filter((name) => name.includes('csrf'))).toEqual([]);
  });

  it('refreshes a refused token with a GET and tries once more, no oftener', async () => {
    let token = 'old';
    const { rws, server } = await serve((request, response) => {
      const headers = { 'X-CSRF-HEADER': 'X-CSRF-TOKEN', 'X-CSRF-TOKEN': token };
      if (request.method !== 'POST') return envelope(response, 200, ME, headers);
      const holds = request.path !== '/never' && request.headers['x-csrf-token'] === 'new';
      envelope(response, holds ? 200 : 403, holds ? {} : { statusCode: 3, statusMessage: 'Missing or invalid Csrf token' });
    });
    const { http: client } = await signIn(server);
    token = 'new';
    await expect(client.request({ method: 'POST', path: '/x' })).resolves.toMatchObject({ status: 200 });
    expect(rws.seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'POST']);
    await expect(client.request({ method: 'POST', path: '/never' })).rejects.toMatchObject({ kind: 'refused', httpStatus: 403 });
    expect(rws.seen.slice(4).map(({ method }) => method)).toEqual(['POST', 'GET', 'POST']);
  });

  it.each([
    ['UTF-8', 'änn:sécret', 'utf8', 1],
    ['Latin-1 when UTF-8 is refused', 'änn:sécret', 'latin1', 2],
  ] as const)('takes %s', async (_what, pair, encoding, requests) => {
    const { rws, server } = await serve((request, response) =>
      request.headers.authorization === basic(pair, encoding) ? envelope(response, 200, ME) : envelope(response, 401, { statusCode: 20 }),
    );
    const { http: client } = await signIn(server, credentials('änn', 'sécret'));
    expect(rws.seen).toHaveLength(requests);
    await client.request({ method: 'GET', path: '/x' });
    expect(rws.seen.at(-1)?.headers.authorization).toBe(basic(pair, encoding));
  });

  it.each([
    ['ASCII', 'ann', 'wrong', 1],
    ['non-ASCII', 'änn', 'wrong', 2],
    ['beyond Latin-1', 'Łę', '東京', 1],
  ])('asks no oftener than it must with wrong %s credentials', async (_what, user, password, requests) => {
    const { rws, server } = await serve((_request, response) => envelope(response, 401, { statusCode: 20 }));
    await expect(signIn(server, credentials(user, password))).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(rws.seen).toHaveLength(requests);
  });

  it.each([
    [401, undefined, 'unauthenticated'],
    [403, { statusCode: 20 }, 'unauthenticated'],
    [403, { statusCode: 5 }, 'refused'],
    [403, undefined, 'refused'],
    [404, undefined, 'refused'],
    [413, { statusCode: 2 }, 'refused'],
    [408, undefined, 'unavailable'],
    [429, undefined, 'unavailable'],
    [500, undefined, 'unavailable'],
    [503, { statusCode: 3 }, 'unavailable'],
    [302, undefined, 'broken'],
    [200, { statusCode: 20 }, 'unauthenticated'],
    [200, { statusCode: 4 }, 'unavailable'],
    [200, { statusCode: 6 }, 'refused'],
    [200, { statusCode: 7 }, undefined],
    [200, '<html>', undefined],
    [204, undefined, undefined],
  ] as const)('%i with %j is %s', async (status, body, kind) => {
    const { server } = await serve((request, response) => {
      if (request.path !== '/x') return me(request, response);
      response.writeHead(status).end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
    });
    const { http: client } = await signIn(server);
    const answer = client.request({ method: 'GET', path: '/x' });
    if (kind === undefined) await expect(answer).resolves.toMatchObject({ status });
    else await expect(answer).rejects.toMatchObject({ kind, httpStatus: status });
  });

  it('reads Retry-After as seconds and as a date', async () => {
    const { server } = await serve((request, response) => {
      const later = new Date(Date.now() + 60_000).toUTCString();
      if (request.path === '/api/v2/me') me(request, response);
      else envelope(response, 503, {}, { 'Retry-After': request.path === '/date' ? later : '7' });
    });
    const { http: client } = await signIn(server);
    await expect(client.request({ method: 'GET', path: '/seconds' })).rejects.toMatchObject({ retryAfterMs: 7000 });
    const error = await client.request({ method: 'GET', path: '/date' }).catch((thrown: { retryAfterMs: number }) => thrown);
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
  });

  it.each([
    ['no answer', (response: http.ServerResponse) => void response],
    ['an answer that stops', (response: http.ServerResponse) => response.writeHead(200, { 'Content-Length': 100 }).write('{"a":')],
    [
      'an answer that never ends',
      (response: http.ServerResponse) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(' '), 50);
        response.once('close', () => clearInterval(timer));
      },
    ],
  ])('gives up %s', async (_what, answer) => {
    const { server } = await serve((request, response) => (request.path === '/x' ? void answer(response) : me(request, response)));
    const { http: client } = await signIn(server);
    await expect(client.request({ method: 'GET', path: '/x' })).rejects.toMatchObject({
      kind: 'unavailable',
      statusMessage: expect.stringContaining('0.5 s') as string,
    });
  });

  it('gives up a connection that is taken but never secured', async () => {
    const mute = net.createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    stops.push(async () => void mute.close());
    await expect(signIn(`https://127.0.0.1:${(mute.address() as net.AddressInfo).port}`)).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('says aborted when the caller cancels', async () => {
    const { server } = await serve((request, response) => (request.path === '/x' ? undefined : me(request, response)));
    const { http: client } = await signIn(server);
    await expect(client.request({ method: 'GET', path: '/x' }, AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'aborted' });
  });

  it('sends a stream with its length, slowly if need be, and never by itself again', async () => {
    const { rws, server } = await serve((request, response) =>
      request.method === 'GET'
        ? me(request, response)
        : envelope(response, 403, { statusCode: 3, statusMessage: 'Missing or invalid Csrf token' }),
    );
    const { http: client } = await signIn(server);
    async function* slowly(): AsyncGenerator<Buffer> {
      for (let piece = 0; piece < 4; piece += 1) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        yield Buffer.from('abcde');
      }
    }
    const body = { open: () => Readable.from(slowly()), length: 20, contentType: 'video/mp4' };
    await expect(client.request({ method: 'POST', path: '/upload', body })).rejects.toMatchObject({ kind: 'unavailable', httpStatus: 403 });
    expect(rws.seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET']);
    expect(rws.seen[1]).toMatchObject({ body: 'abcde'.repeat(4), headers: { 'content-length': '20', 'content-type': 'video/mp4' } });
    expect(rws.seen[1]?.headers['transfer-encoding']).toBeUndefined();
  });

  it('uses a connection again, gets over one the server has closed, and closes all at the end', async () => {
    const { rws, server } = await serve(me);
    const login = await signIn(server);
    for (let round = 0; round < 5; round += 1) await login.http.request({ method: 'GET', path: '/x' });
    expect(rws.openSockets).toBe(1);
    login.discard();
    await expect(login.http.request({ method: 'GET', path: '/x' })).rejects.toMatchObject({ code: 'aborted' });
  });

  it('puts no secret into an error', async () => {
    const error: unknown = await signIn('http://127.0.0.1:1', credentials('ann', 'top-secret')).catch((thrown: unknown) => thrown);
    const text = inspect(error, { depth: 12, showHidden: true }) + JSON.stringify(error);
    expect(text).not.toMatch(/top-secret|Basic |YW5uOnRvcC1zZWNyZXQ/);
  });

  it('probes without credentials', async () => {
    const { rws, server } = await serve((request, response) =>
      envelope(response, request.path === '/api/v2/diagnostics/version' ? 200 : 500),
    );
    expect(await gatewayWith().isReachable(server, signal())).toBe(true);
    expect(await gatewayWith().isReachable('http://127.0.0.1:1', signal())).toBe(false);
    expect(rws.seen).toHaveLength(1);
    expect(rws.seen[0]?.headers.authorization).toBeUndefined();
  });
});
