import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import * as http from 'node:http';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rwsSchema } from '../../../src/config/schema';
import { SystemClock } from '../../../src/lib/clock';
import { silentLogger } from '../../../src/lib/logger';
import { createRwsGateway } from '../../../src/rws/create-rws-gateway';
import type { Credentials, RwsGateway } from '../../../src/rws/ports';
import { issueLoopbackCertificate } from '../../support/loopback-certificate';
import { envelope, ME, ScriptedRws, type Answer } from '../../support/scripted-rws';
import { startTinyProxy, type TinyProxy } from '../../support/tiny-proxy';
import { FakeClock } from '../../fakes/fake-clock';
import { credentials } from '../../support/session-under-test';

const signal = (): AbortSignal => AbortSignal.timeout(20_000);

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

  describe('over TLS', () => {
    it('refuses a certificate nobody here vouches for, says who issued it, and what to do', async () => {
      const certificate = await issueLoopbackCertificate();
      const { rws, server } = await serve(me, certificate);
      const error: unknown = await signIn(server).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ kind: 'tls' });
      expect((error as Error).message).toMatch(/issued by “[^”]+”.*intercepting TLS.*rws\.ca/);
      expect(rws.seen).toEqual([]);
    });

    it('is not talked out of it by the environment', async () => {
      const { server } = await serve(me, await issueLoopbackCertificate());
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
      try {
        await expect(signIn(server)).rejects.toMatchObject({ kind: 'tls' });
      } finally {
        delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      }
    });

    it('trusts the authority of rws.ca, directly and through a proxy', async () => {
      const certificate = await issueLoopbackCertificate();
      const ca = await caFile(certificate.ca);
      const { rws, server } = await serve(me, certificate);
      await signIn(server, credentials(), { ca });
      const proxy = await startProxy();
      await signIn(server, credentials(), { ca, proxy: proxy.address });
      expect(proxy.connects).toEqual([new URL(server).host]);
      expect(rws.seen).toHaveLength(2);
    });

    it('says so when rws.ca is no certificate, or the port speaks no TLS', async () => {
      const { server } = await serve(me);
      const ca = await caFile('nonsense');
      await expect(signIn(server, credentials(), { ca })).rejects.toMatchObject({ code: 'configuration' });
      await expect(signIn(server.replace('http:', 'https:'))).rejects.toMatchObject({
        kind: 'tls',
        message: expect.stringContaining('does not speak TLS') as string,
      });
    });

    async function caFile(text: string): Promise<string> {
      const folder = await mkdtemp(join(tmpdir(), 'srs-ca-'));
      stops.push(() => rm(folder, { recursive: true, force: true }));
      await writeFile(join(folder, 'ca.pem'), text);
      return join(folder, 'ca.pem');
    }
  });

  describe('through a proxy', () => {
    it('uses CONNECT for http too, and leaves out what NO_PROXY names', async () => {
      const { rws, server } = await serve(me);
      const proxy = await startProxy();
      await signIn(server, credentials(), { proxy: proxy.address });
      process.env['NO_PROXY'] = '127.0.0.1';
      try {
        await signIn(server, credentials(), { proxy: proxy.address });
      } finally {
        delete process.env['NO_PROXY'];
      }
      expect(proxy.connects).toHaveLength(1);
      expect(rws.seen).toHaveLength(2);
    });

    it.each([403, 407, 502])('does not take its %i for an answer of RWS', async (status) => {
      const { rws, server } = await serve(me);
      const proxy = await startProxy(status);
      await expect(signIn(server, credentials(), { proxy: proxy.address })).rejects.toMatchObject({
        kind: 'unavailable',
        statusMessage: expect.stringContaining(`HTTP ${status}`) as string,
      });
      expect(rws.seen).toEqual([]);
    });
  });

  describe('through a proxy that wants a login', () => {
    let proxy: TinyProxy;
    beforeAll(async () => {
      proxy = await startTinyProxy('agent', 'hunter2');
    });
    afterAll(() => proxy.stop());

    it('gives it user and password of rws.proxy', async () => {
      const { rws, server } = await serve(me);
      await signIn(server, credentials(), { proxy: `http://agent:hunter2@${proxy.host}` });
      expect(rws.seen).toHaveLength(1);
      expect(JSON.stringify(rws.seen)).not.toContain('hunter2');
    });

    it.each([
      ['no login', '', /HTTP 407: it wants a login \(it offers Basic\): put user and password into rws\.proxy/],
      ['a wrong one', 'agent:hunter3@', /HTTP 401: it does not take the user and password of its address/],
    ])('says what it wants of %s, and names it', async (_what, login, says) => {
      const { rws, server } = await serve(me);
      const error: unknown = await signIn(server, credentials(), { proxy: `http://${login}${proxy.host}` }).catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toMatchObject({ kind: 'unavailable', statusMessage: expect.stringMatching(says) as string });
      expect(String(error)).toContain(`The proxy ${proxy.host} refused`);
      expect(String(error)).not.toContain('hunter');
      expect(rws.seen).toEqual([]);
    });
  });

  it.each([
    [['Negotiate', 'NTLM'], /it offers Negotiate, NTLM\), and this service knows Basic only/],
    [['Negotiate, NTLM TlRMTVNTUAAC'], /it offers Negotiate, NTLM\), and this service knows Basic only/],
    [['Negotiate', 'Basic realm="users, of here"'], /it offers Negotiate, Basic\): put user and password/],
    [['Digest realm="a", nonce="b"'], /it offers Digest\), and this service knows Basic only/],
  ])('says of a proxy that offers %j what can be done', async (offers, says) => {
    const { server } = await serve(me);
    const proxy = await startProxy(407, offers);
    await expect(signIn(server, credentials(), { proxy: proxy.address })).rejects.toThrow(says);
  });

  it('asks the system for the proxy, and follows it while the login lives', async () => {
    const { server } = await serve(me);
    const proxies = [await startProxy(), await startProxy()];
    const clock = new FakeClock();
    let way = 0;
    const resolve = (): Promise<string> => Promise.resolve(`PROXY ${new URL(proxies[way]?.address ?? '').host}`);
    // Loopback never goes through a proxy of the system: a name that only the proxies know.
    const gateway = createRwsGateway({
      config: rwsSchema.parse({}),
      trigger: 'command',
      clientVersion: '8.5.100.00',
      clock,
      random: Math.random,
      log: silentLogger,
      systemProxy: { resolve },
    });
    const login = await gateway.signIn(server.replace('127.0.0.1', 'rws.test'), credentials(), signal());
    stops.push(async () => login.discard());
    way = 1;
    await clock.advance(30_000);
    await login.http.refresh();
    expect(proxies.map(({ connects }) => connects.length)).toEqual([1, 1]);
  });

  it('says that a SOCKS proxy of the system is none that it can use', async () => {
    const gateway = createRwsGateway({
      config: rwsSchema.parse({}),
      trigger: 'command',
      clientVersion: '8.5.100.00',
      clock: new SystemClock(),
      random: Math.random,
      log: silentLogger,
      systemProxy: { resolve: () => Promise.resolve('SOCKS5 socks.example:1080') },
    });
    await expect(gateway.signIn('https://rws.test', credentials(), signal())).rejects.toThrow(/SOCKS5 socks\.example.*rws\.proxy/);
  });

  async function startProxy(refusal?: number, offers: readonly string[] = []): Promise<{ address: string; connects: string[] }> {
    const connects: string[] = [];
    const sockets = new Set<net.Socket>();
    const proxy = http.createServer();
    proxy.on('connect', (request, client: net.Socket) => {
      connects.push(request.url ?? '');
      if (refusal !== undefined)
        return void client.end(
          `HTTP/1.1 ${refusal} No\r\n${offers.map((offer) => `Proxy-Authenticate: ${offer}\r\n`).join('')}Content-Length: 0\r\n\r\n`,
        );
      const { hostname, port } = new URL(`http://${request.url ?? ''}`);
      const upstream = net.connect(Number(port), hostname === 'rws.test' ? '127.0.0.1' : hostname, () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    stops.push(async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => proxy.close(resolve));
    });
    return { address: `http://127.0.0.1:${(proxy.address() as net.AddressInfo).port}`, connects };
  }
});
