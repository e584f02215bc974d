import { createConnection } from 'node:net';
import { createLogger } from '../../../src/lib/logger';
import { isAppError } from '../../../src/shared/errors';
import { basic, sendRequest, type TestAnswer } from '../../support/http-request';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';

const AUTHORIZATION = basic('agent', 'secret');

describe('CORS', () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApi({ settings: { server: 'https://rws.example.com:4443/base', peer_server: 'http://peer.example.com' } });
  });
  afterAll(() => api.stop());

  const preflight = (path: string, headers: Record<string, string>): Promise<TestAnswer> =>
    sendRequest(api.base, { method: 'OPTIONS', path, headers });

  it.each(['/api/v2/me', '/api/v2/me/', '/ping', '/version'])(
    'answers a pre-flight for %s with 200 and everything a browser needs',
    async (path) => {
      const answer = await preflight(path, {
        Origin: DESKTOP,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization',
      });
      expect(answer.status).toBe(200);
      expect(answer.text).toBe('');
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': DESKTOP,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET,POST,OPTIONS',
        'access-control-allow-headers':
          'Authorization,Content-Type,X-Support-CSRFP,X-CSRF-Token,X-Requested-With,ssid,surl,ContactCenterId,traceparent,tracestate,baggage',
        'access-control-expose-headers': 'X-CSRF-HEADER,X-CSRF-TOKEN',
        'access-control-max-age': '600',
        vary: 'Origin',
      });
      expect(answer.headers['access-control-allow-private-network']).toBeUndefined();
    },
  );

  it('allows private network access where it is asked for, to allowed origins only', async () => {
    const asked = { 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Private-Network': 'true' };
    expect((await preflight('/ping', { Origin: DESKTOP, ...asked })).headers['access-control-allow-private-network']).toBe('true');
    const foreign = await preflight('/ping', { Origin: 'https://evil.example', ...asked });
    expect(foreign.status).toBe(403);
    expect(foreign.headers['access-control-allow-private-network']).toBeUndefined();
  });

  it.each([
    [DESKTOP, 200],
    ['https://a.b.apps.example.com', 200],
    ['https://rws.example.com:4443', 200],
    ['http://peer.example.com', 200],
    ['https://peer.example.com', 403],
    ['https://rws.example.com', 403],
    ['https://apps.example.com', 403],
    ['https://apps.example.com.evil.example', 403],
    ['https://DESKTOP.example.com', 403],
    [`${DESKTOP}, ${DESKTOP}`, 403],
    ['null', 403],
    ['', 403],
    ['file://', 403],
  ])('answers the origin %s with %d', async (origin, httpStatus) => {
    const answer = await sendRequest(api.base, { path: '/api/v2/me', headers: { Origin: origin, Authorization: AUTHORIZATION } });
    expect(answer.status).toBe(httpStatus);
    expect(answer.headers['access-control-allow-origin']).toBe(httpStatus === 200 ? origin : undefined);
    expect(answer.headers['vary']).toBe('Origin');
  });

  it('lets anybody ask for the version, but only allowed pages read it', async () => {
    for (const [headers, allowed] of [
      [{}, undefined],
      [{ Origin: 'https://evil.example' }, undefined],
      [{ Origin: DESKTOP }, DESKTOP],
    ] as const) {
      const answer = await sendRequest(api.base, { path: '/version', headers });
      expect(answer).toMatchObject({ status: 200, json: { version: '8.5.102.03' } });
      expect(answer.headers['access-control-allow-origin']).toBe(allowed);
    }
    const head = await sendRequest(api.base, { method: 'HEAD', path: '/version' });
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '24']);
  });

  it('tells the log once, and for no more than fifty, which origins were refused', async () => {
    const lines: string[] = [];
    const logged = await startApi({ log: createLogger('info', [{ write: (line) => lines.push(line) }]) });
    try {
      for (let number = 0; number < 70; number += 1) {
        for (const path of ['/ping', '/api/v2/me'])
          await sendRequest(logged.base, { path, headers: { Origin: `https://evil-${number}.example`, Authorization: AUTHORIZATION } });
      }
      const refusals = lines.filter((line) => line.includes('https://evil-'));
      expect(refusals).toHaveLength(50);
      expect(refusals.join('\n')).not.toContain(AUTHORIZATION);
    } finally {
      await logged.stop();
    }
  });

  it.each([['*'], ['null'], ['https://*'], ['desktop.example.com']])('is not started with %s among the allowed origins', async (entry) => {
    const start = startApi({ settings: { allowedOrigins: [DESKTOP, entry] } });
    const error: unknown = await start.catch((reason: unknown) => reason);
    expect(isAppError(error, 'configuration')).toBe(true);
    expect((error as Error).message).toContain(`"${entry}"`);
  });
});

describe('requireOrigin: false', () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApi({ settings: { requireOrigin: false } });
  });
  afterAll(() => api.stop());

  it('admits a native desktop, which sends no Origin', async () => {
    const headers = { Authorization: AUTHORIZATION };
    expect((await sendRequest(api.base, { method: 'OPTIONS', path: '/api/v2/me' })).status).toBe(200);
    expect((await sendRequest(api.base, { method: 'OPTIONS', path: '/version' })).status).toBe(200);
    const login = await sendRequest(api.base, { path: '/api/v2/me', headers });
    expect(login.status).toBe(200);
    expect(login.headers['set-cookie']?.[0]).toContain('SameSite=Lax');
    expect((await sendRequest(api.base, { path: '/ping', headers })).status).toBe(200);
    const logout = {
      method: 'POST',
      path: '/api/v2/me',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: '{"operationName":"EndContactCenterSession"}',
    };
    expect((await sendRequest(api.base, logout)).status).toBe(200);
  });

  it.each([
    ['a wrong origin', { Origin: 'https://evil.example' }],
    ['the origin of sandboxed pages', { Origin: 'null' }],
    ['a page of another site that leaves Origin out', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
    ['an address typed into a browser', { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate' }],
  ])('still refuses %s', async (_what, headers) => {
    const answer = await sendRequest(api.base, { path: '/api/v2/me', headers: { Authorization: AUTHORIZATION, ...headers } });
    expect(answer).toMatchObject({ status: 403, json: { statusCode: 3 } });
  });
});

describe('Host', () => {
  let api: ApiUnderTest;
  let port: string;
  beforeAll(async () => {
    api = await startApi();
    ({ port } = new URL(api.base));
  });
  afterAll(() => api.stop());

  it.each([
    ['127.0.0.1:PORT', 200],
    ['localhost:PORT', 200],
    ['LOCALHOST:PORT', 200],
    ['[::1]:PORT', 200],
    ['127.0.0.1', 421],
    ['127.0.0.1:1', 421],
    ['127.0.0.1:80', 421],
    ['localhost', 421],
    ['localhost:PORT.evil.example', 421],
    ['localhost.evil.example:PORT', 421],
    ['evil.example:PORT', 421],
    ['desktop.example.com:PORT', 421],
    ['127.0.0.2:PORT', 421],
    ['0.0.0.0:PORT', 421],
    ['[::ffff:127.0.0.1]:PORT', 421],
    ['::1:PORT', 421],
    ['localhost.:PORT', 421],
    ['evil@127.0.0.1:PORT', 421],
    ['127.0.0.1:PORT, 127.0.0.1:PORT', 421],
    [' ', 421],
  ])('%s is answered with %d', async (host, httpStatus) => {
    for (const path of ['/version', '/status', '/ping', '/elsewhere']) {
      const answer = await sendRequest(api.base, { path, headers: { Host: host.replace('PORT', port), Origin: DESKTOP } });
      if (httpStatus === 421) expect(answer).toMatchObject({ status: 421, json: { statusCode: 3 } });
      else expect(answer.status).not.toBe(421);
    }
  });

  it.each([
    ['none', 'GET /version HTTP/1.1\r\n\r\n', 421],
    ['none, in HTTP/1.0', 'GET /version HTTP/1.0\r\n\r\n', 421],
    ['two', 'GET /version HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil.example\r\n\r\n', 421],
    ['two alike', 'GET /version HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: 127.0.0.1:PORT\r\n\r\n', 421],
    ['ours, but another in the request line', 'GET http://evil.example/version HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n', 421],
    ['ours, also in the request line', 'GET http://127.0.0.1:PORT/version HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n', 200],
    ['ours, in HTTP/1.0', 'GET /version HTTP/1.0\r\nHost: 127.0.0.1:PORT\r\n\r\n', 200],
  ])('header: %s', async (_what, text, httpStatus) => {
    const answer = await exchange(Number(port), text.replaceAll('PORT', port).replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${httpStatus} `));
  });
});

describe('paths', () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  it.each([
    ['/version', 200],
    ['/version/', 200],
    ['/version?x=1', 200],
    ['/version//', 404],
    ['//version', 404],
    ['/VERSION', 404],
    ['/Api/v2/me', 404],
    ['/version/x', 404],
    ['/%76ersion', 404],
    ['/%', 404],
    ['/..%2fversion', 404],
    ['/', 404],
    ['/favicon.ico', 404],
    ['/status/x', 404],
  ])('%s is answered with %d', async (path, httpStatus) => {
    const answer = await sendRequest(api.base, { path, headers: { Origin: DESKTOP } });
    expect(answer.status).toBe(httpStatus);
    if (httpStatus === 404) expect(answer.json).toEqual({ statusCode: 6, statusMessage: expect.any(String) });
  });
});

/** Sends bytes as they are and reads until the other side closes. */
function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write(text));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}
