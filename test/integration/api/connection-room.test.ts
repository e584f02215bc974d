import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { basic, sendRequest } from '../../support/http-request';
import { hasIpv6 } from '../../support/ipv6';
import { FakeTlsSource, issueLoopbackCertificate } from '../../support/loopback-certificate';
import { openRaw, type RawConnection } from '../../support/raw-connection';
import { until } from '../../support/until';

const CAP = 20;

describe.each(['http', 'https'] as const)('connections over %s beyond the cap', (scheme) => {
  let api: ApiUnderTest;
  let base: string;
  let host: string;

  beforeEach(async () => {
    api = await startApi({
      tls: new FakeTlsSource(await issueLoopbackCertificate()),
      limits: { maxConnections: CAP, stopGraceMs: 100 },
      settings: { http: { enabled: scheme === 'http', port: 0 }, https: { enabled: scheme === 'https', port: 0 } },
    });
    base = api.base;
    ({ host } = new URL(base));
  });
  afterEach(() => api.stop());

  const hold = (count: number): Promise<RawConnection[]> => Promise.all(Array.from({ length: count }, () => openRaw(base)));
  const ask = (): Promise<number> => sendRequest(base, { path: '/version' }).then(({ status }) => status);

  it('take the place of those that never asked anything, the oldest first', async () => {
    const oldest = await openRaw(base);
    const held = await hold(CAP - 1);
    for (let request = 0; request < 3; request += 1) expect(await ask()).toBe(200);
    expect(await oldest.closed).toBe('');
    held.forEach(({ socket }) => socket.destroy());
  });

  it('are kept out by no number of idle ones, on either address', async () => {
    const other = hasIpv6 ? base.replace('127.0.0.1', '[::1]') : base;
    const held = await Promise.all(Array.from({ length: 7 * CAP }, (_, index) => openRaw(index % 2 === 0 ? base : other)));
    for (const address of [base, other]) {
      expect((await sendRequest(address, { path: '/version' })).status).toBe(200);
    }
    held.forEach(({ socket }) => socket.destroy());
  });

  it('take the place of those that wait between two requests', async () => {
    const held = await hold(CAP);
    for (const { socket } of held) socket.write(`GET /version HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await Promise.all(held.map(({ received }) => until('an answer', () => received().includes('8.5.102.03'))));
    expect(await ask()).toBe(200);
    held.forEach(({ socket }) => socket.destroy());
  });

  it('do not take the place of one that is being answered', async () => {
    const release = api.service.holdLogins();
    const login = sendRequest(base, { path: '/api/v2/me', headers: { Origin: DESKTOP, Authorization: basic('agent', 'secret') } });
    await until('the login to arrive', () => api.service.loginsUnderWay === 1);
    const held = await hold(2 * CAP);
    expect(await ask()).toBe(200);
    release();
    expect((await login).status).toBe(200);
    held.forEach(({ socket }) => socket.destroy());
  });

  it('go when all are being answered', async () => {
    const release = api.service.holdLogins();
    const held = await hold(CAP);
    const login = `GET /api/v2/me HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${DESKTOP}\r\nAuthorization: ${basic('agent', 'secret')}\r\n`;
    for (const { socket } of held) socket.write(`${login}Expect: 100-continue\r\n\r\n`);
    await Promise.all(held.map(({ received }) => until('the login to arrive', () => received().includes(' 100 '))));
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
    release();
    await Promise.all(held.map(({ received }) => until('the answer', () => received().includes(' 200 '))));
    expect(await ask()).toBe(200);
    held.forEach(({ socket }) => socket.destroy());
  });
});
