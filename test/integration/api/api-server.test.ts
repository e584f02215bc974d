import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { createApiServer } from '../../../src/api/api-server';
import { untoldOwners } from '../../../src/lib/connection-owners';
import { silentLogger } from '../../../src/lib/logger';
import { isAppError } from '../../../src/shared/errors';
import { freePort } from '../../support/free-port';
import { basic, sendRequest } from '../../support/http-request';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { FakeTlsSource, issueLoopbackCertificate } from '../../support/loopback-certificate';
import { SideFiles } from '../../../src/lib/side-files';
import { FakeProblems } from '../../fakes/fake-problems';
import { FakeClock } from '../../fakes/fake-clock';
import { FakeService } from '../../fakes/fake-service';
import { openRaw } from '../../support/raw-connection';

describe('the API server', () => {
  const started: ApiUnderTest[] = [];
  const start = async (options: Parameters<typeof startApi>[0] = {}): Promise<ApiUnderTest> => {
    const api = await startApi(options);
    started.push(api);
    return api;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((api) => api.stop()));
  });

  it('listens on the loopback address, for HTTP and HTTPS as configured', async () => {
    const api = await start({ tls: new FakeTlsSource(await issueLoopbackCertificate()) });
    expect(api.addresses).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
    ]);
    for (const address of api.addresses) expect((await sendRequest(address, { path: '/version' })).status).toBe(200);
    const none = await start({ settings: { http: { enabled: false, port: 0 }, https: { enabled: false, port: 0 } } });
    expect(none.addresses).toEqual([]);
  });

  it.each(['http', 'https'] as const)('names the port of %s that another program has taken, and then listens nowhere', async (scheme) => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const free = { enabled: true, port: await freePort() };
    const settings = { http: free, https: free, [scheme]: { enabled: true, port } };
    try {
      const error: unknown = await startApi({ settings, tls: new FakeTlsSource(await issueLoopbackCertificate()) }).catch(
        (reason: unknown) => reason,
      );
      expect(isAppError(error, 'portTaken')).toBe(true);
      expect((error as Error).message).toContain(`port ${port}`);
      expect((error as Error).message).toContain(`${scheme}.port`);
      await expect(openRaw(`http://127.0.0.1:${free.port}`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  describe('status', () => {
    it('is the whole snapshot for whoever has the token, without CORS headers', async () => {
      const api = await start();
      await sendRequest(api.base, { path: '/api/v2/me', headers: { Origin: DESKTOP, Authorization: basic('agent', 'secret') } });
      const answer = await sendRequest(api.base, {
        path: '/status',
        headers: { Authorization: `Bearer ${await api.statusToken()}`, Origin: DESKTOP },
      });
      expect(answer).toMatchObject({ status: 200, json: { session: { status: 'connected', agent: { userName: 'agent' } } } });
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    });

    it.each([
      ['nothing', (): Record<string, string> => ({})],
      ['a wrong token', (token: string): Record<string, string> => ({ Authorization: `Bearer ${token.slice(1)}` })],
      ['the token and more', (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}x` })],
      ['the token as a password', (token: string): Record<string, string> => ({ Authorization: basic('agent', token) })],
      ["the agent's credentials", (): Record<string, string> => ({ Authorization: basic('agent', 'secret') })],
      ['the token as a cookie', (token: string): Record<string, string> => ({ Cookie: `SRSSESSIONID=${token}` })],
    ])('is refused for %s', async (_what, headers) => {
      const api = await start();
      const answer = await sendRequest(api.base, { path: '/status', headers: headers(await api.statusToken()) });
      expect(answer).toMatchObject({ status: 401, json: { statusCode: 20 } });
      expect(answer.headers['www-authenticate']).toBeUndefined();
    });

    it('token is for its owner only, new at every start, and gone after the end', async () => {
      const [first, second] = [await start(), await start()];
      expect(await first.statusToken()).toMatch(/^[\w-]{43}$/);
      expect(await first.statusToken()).not.toBe(await second.statusToken());
      if (process.platform !== 'win32') expect((await stat(first.statusTokenFile)).mode & 0o777).toBe(0o600);
      await first.stop();
      await expect(readFile(first.statusTokenFile)).rejects.toMatchObject({ code: 'ENOENT' });
    });
  });

  describe('over TLS', () => {
    it('gives new connections a renewed certificate, and keeps the open ones', async () => {
      const [before, after] = [await issueLoopbackCertificate(), await issueLoopbackCertificate()];
      const tls = new FakeTlsSource(before);
      const api = await start({ tls, settings: { http: { enabled: false, port: 0 } } });
      const open = await openRaw(api.base);
      expect(fingerprint(open.socket as TLSSocket)).toBe(before.fingerprint256);
      tls.replace(after);
      await Promise.resolve();
      const next = await openRaw(api.base);
      expect(fingerprint(next.socket as TLSSocket)).toBe(after.fingerprint256);
      open.socket.write(`GET /version HTTP/1.1\r\nHost: ${new URL(api.base).host}\r\nConnection: close\r\n\r\n`);
      expect(await open.closed).toContain('8.5.102.03');
      next.socket.destroy();
    });

    it.each([
      ['TLSv1.3', true],
      ['TLSv1.2', true],
      ['TLSv1.1', false],
      ['TLSv1', false],
    ] as const)('%s: accepted %s', async (version, isAccepted) => {
      const api = await start({
        tls: new FakeTlsSource(await issueLoopbackCertificate()),
        settings: { http: { enabled: false, port: 0 } },
      });
      const { port } = new URL(api.base);
      const options = {
        host: '127.0.0.1',
        port: Number(port),
        rejectUnauthorized: false,
        minVersion: version,
        maxVersion: version,
        ciphers: 'DEFAULT@SECLEVEL=0',
      } as const;
      const handshake = new Promise<boolean>((resolve) => {
        const socket = connect(options, () => {
          socket.destroy();
          resolve(true);
        });
        socket.once('error', () => resolve(false));
      });
      expect(await handshake).toBe(isAccepted);
    });

    it('closes a connection that speaks no TLS, or nothing at all', async () => {
      const limits = { tlsHandshakeTimeoutMs: 200, stopGraceMs: 50 };
      const api = await start({
        limits,
        tls: new FakeTlsSource(await issueLoopbackCertificate()),
        settings: { http: { enabled: false, port: 0 } },
      });
      const plain = api.base.replace('https:', 'http:');
      const [talking, silent] = [await openRaw(plain), await openRaw(plain)];
      talking.socket.write('GET /version HTTP/1.1\r\n\r\n');
      expect(await talking.closed).not.toContain('HTTP');
      expect(await silent.closed).toBe('');
    });
  });

  it('can be stopped before it started, and twice', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'srs-api-'));
    const settings = {
      http: { enabled: true, port: 0 },
      https: { enabled: false, port: 0 },
      allowedOrigins: [],
      requireOrigin: true,
    };
    const clock = new FakeClock();
    const deps = {
      settings,
      service: new FakeService(),
      clock,
      sideFiles: new SideFiles({ clock, log: silentLogger, problems: new FakeProblems() }),
      log: silentLogger,
      version: '8.5.100.00',
      problems: new FakeProblems(),
      owners: untoldOwners,
    };
    const server = createApiServer({ ...deps, statusTokenFile: join(folder, 'status-token') });
    await Promise.all([server.stop(), server.stop()]);
    const running = createApiServer({ ...deps, statusTokenFile: join(folder, 'sub', 'status-token') });
    const [first, second] = await Promise.all([running.start(), running.start()]);
    expect(first).toEqual(second);
    await Promise.all([running.stop(), running.stop()]);
    await rm(folder, { recursive: true });
  });
});

function fingerprint(socket: TLSSocket): string {
  return socket.getPeerCertificate().fingerprint256;
}
