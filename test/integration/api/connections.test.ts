import { basic, sendRequest } from '../../support/http-request';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { FakeTlsSource, issueLoopbackCertificate } from '../../support/loopback-certificate';
import { openRaw } from '../../support/raw-connection';
import { until } from '../../support/until';

const LIMITS = {
  headersTimeoutMs: 300,
  requestTimeoutMs: 600,
  idleTimeoutMs: 300,
  tlsHandshakeTimeoutMs: 300,
  checkEveryMs: 50,
  stopGraceMs: 100,
  maxConnections: 20,
};

describe.each(['http', 'https'] as const)('connections over %s', (scheme) => {
  let api: ApiUnderTest;
  let base: string;
  let host: string;

  beforeEach(async () => {
    const tls = new FakeTlsSource(await issueLoopbackCertificate());
    api = await startApi({
      tls,
      limits: LIMITS,
      settings: { http: { enabled: scheme === 'http', port: 0 }, https: { enabled: scheme === 'https', port: 0 } },
    });
    base = api.base;
    ({ host } = new URL(base));
  });
  afterEach(() => api.stop());

  const post = (length: number): string =>
    `POST /api/v2/me HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${DESKTOP}\r\nAuthorization: ${basic('agent', 'secret')}\r\nContent-Length: ${length}\r\n\r\n`;

  it.each([
    ['that says nothing', '', 408],
    ['that stops in the headers', 'GET /version HTTP/1.1\r\nHost: 127', 408],
    ['that stops before the body', 'BODY', 408],
    ['that stops in the body', 'BODY[', 408],
  ])('one %s is cut', async (_what, text, httpStatus) => {
    const { socket, closed } = await openRaw(base);
    socket.write(text.replace('BODY', post(1_000)));
    const answer = await closed;
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${httpStatus} `));
    expect(answer).toContain('"statusCode":2');
    expect(api.service.logins).toHaveLength(0);
  });

  it('one that sends a byte now and then is cut too', async () => {
    const { socket, closed } = await openRaw(base);
    socket.write('GET /version HTTP/1.1\r\nX: ');
    const drip = setInterval(() => socket.write('x'), 40);
    try {
      expect(await closed).toMatch(/^HTTP\/1.1 408 /);
    } finally {
      clearInterval(drip);
    }
  });

  it('one that was answered and says nothing more is closed', async () => {
    const { socket, closed, received } = await openRaw(base);
    socket.write(`GET /version HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await until('the answer', () => received().includes('8.5.102.03'));
    expect((await closed).match(/HTTP\/1.1/g)).toHaveLength(1);
  });

  it('a login that takes longer than any of these limits is waited for', async () => {
    const release = api.service.holdLogins();
    const login = sendRequest(base, { path: '/api/v2/me', headers: { Origin: DESKTOP, Authorization: basic('agent', 'secret') } });
    await until('the login to arrive', () => api.service.loginsUnderWay === 1);
    await new Promise((resolve) => setTimeout(resolve, 2 * LIMITS.requestTimeoutMs)); // longer than every limit: that is the point
    release();
    expect((await login).status).toBe(200);
  });

  it('a login nobody waits for any more does not go to RWS', async () => {
    const release = api.service.holdLogins();
    const first = sendRequest(base, { path: '/api/v2/me', headers: { Origin: DESKTOP, Authorization: basic('agent', 'secret') } });
    await until('the first login to arrive', () => api.service.loginsUnderWay === 1);
    const { socket, closed } = await openRaw(base);
    socket.write(`GET /api/v2/me HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${DESKTOP}\r\nAuthorization: ${basic('other', 'word')}\r\n\r\n`);
    await sendRequest(base, { path: '/version' }); // the second login has been read by then
    socket.destroy();
    await closed;
    await sendRequest(base, { path: '/version' });
    release();
    expect((await first).status).toBe(200);
    expect((await sendRequest(base, { path: '/ping', headers: { Origin: DESKTOP, Authorization: basic('agent', 'secret') } })).status).toBe(
      200,
    );
    expect(api.service.logins.map(({ credentials }) => credentials.userName)).toEqual(['agent']);
  });

  it.each([
    ['a header of 20 KiB', (): string => `GET /version HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(20_480)}\r\n\r\n`, 431],
    ['a path of 20 KiB', (): string => `GET /${'x'.repeat(20_480)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 431],
    ['what is no HTTP', (): string => 'hello\r\n\r\n', 400],
    ['a broken chunk', (): string => post(0).replace('Content-Length: 0', 'Transfer-Encoding: chunked') + 'zz\r\n', 400],
    ['two lengths', (): string => post(5).replace('\r\n\r\n', '\r\nContent-Length: 7\r\n\r\n'), 400],
    ['a length and chunks', (): string => post(5).replace('\r\n\r\n', '\r\nTransfer-Encoding: chunked\r\n\r\n'), 400],
  ])('one with %s is answered and closed', async (_what, text, httpStatus) => {
    const { socket, closed } = await openRaw(base);
    socket.write(text());
    const answer = await closed;
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${httpStatus} `));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toEqual({ statusCode: 2, statusMessage: expect.any(String) });
  });

  it('of a stopped server are closed, busy ones too, and new ones are refused', async () => {
    api.service.holdLogins();
    const idle = await openRaw(base);
    const busy = await openRaw(base);
    busy.socket.write(
      `GET /api/v2/me HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${DESKTOP}\r\nAuthorization: ${basic('agent', 'secret')}\r\n\r\n`,
    );
    await until('the login to arrive', () => api.service.loginsUnderWay === 1);
    await api.stop();
    expect(await Promise.all([idle.closed, busy.closed])).toEqual(['', '']);
    await expect(openRaw(base)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('are not switched to another protocol', async () => {
    const { socket, received } = await openRaw(base);
    socket.write(
      `GET /ping HTTP/1.1\r\nHost: ${host}\r\nOrigin: https://evil.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`,
    );
    await until('the answer', () => received().includes('\r\n\r\n'));
    expect(received()).toMatch(/^HTTP\/1.1 403 /);
    socket.destroy();
  });
});
