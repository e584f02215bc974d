import http from 'node:http';
import { createServer, connect, Server, type AddressInfo } from 'node:net';
import type { ConnectionOwner, ConnectionOwners } from '../../../src/lib/connection-owners';
import { createLogger } from '../../../src/lib/logger';
import { ProcConnectionOwners } from '../../../src/lib/proc-connection-owners';
import { systemConnectionOwners } from '../../../src/lib/system-connection-owners';
import { isAppError } from '../../../src/shared/errors';
import { type ApiUnderTest, type ApiUnderTestOptions, DESKTOP, startApi } from '../../support/api-under-test';
import { FakeConnectionOwners } from '../../fakes/fake-connection-owners';
import { canBeOtherUser, runAsOtherUser } from '../../support/other-user';
import { basic, sendRequest } from '../../support/http-request';
import { hasIpv6 } from '../../support/ipv6';
import { FakeTlsSource, issueLoopbackCertificate } from '../../support/loopback-certificate';
import { openRaw } from '../../support/raw-connection';

const OWN = { Origin: DESKTOP, Authorization: basic('agent', 'secret') };
const LOGIN = { path: '/api/v2/me', headers: OWN };
const OWN_UID = process.geteuid?.() ?? 0;
const OWN_ADDRESSES = hasIpv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1'];
/** The last is IPv4 by an IPv6 socket, as Java programs do it. */
const ADDRESSES = hasIpv6 ? ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]'] : ['127.0.0.1'];

describe('callers of this computer', () => {
  const started: ApiUnderTest[] = [];
  const start = async (options: ApiUnderTestOptions = {}): Promise<ApiUnderTest> => {
    const api = await startApi({ tls: new FakeTlsSource(await issueLoopbackCertificate()), ...options });
    started.push(api);
    return api;
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((api) => api.stop()));
  });

  describe.each([0, 1])('over scheme %i', (scheme) => {
    const at = (api: ApiUnderTest, address: string): string => (api.addresses[scheme] ?? '').replace('127.0.0.1', address);
    const host = (api: ApiUnderTest): string => new URL(api.addresses[scheme] ?? '').host;

    it.each(ADDRESSES)('the same user is let in by %s', async (address) => {
      const api = await start();
      expect(await sendRequest(at(api, address), { ...LOGIN, headers: { ...OWN, Host: host(api) } })).toMatchObject({ status: 200 });
    });

    // Whoever runs the tests is somebody else for a service that runs as the next user.
    it.each(ADDRESSES)('another user is refused by %s, in words that the page can read', async (address) => {
      const api = await start({ owners: new ProcConnectionOwners({ uid: OWN_UID + 1 }) });
      for (const path of ['/api/v2/me', '/ping', '/version']) {
        const answer = await sendRequest(at(api, address), { path, headers: { ...OWN, Host: host(api) } });
        expect(answer).toMatchObject({
          status: 403,
          json: { statusCode: 3, statusMessage: expect.stringContaining('another user of this computer') },
          headers: { 'access-control-allow-origin': DESKTOP, connection: 'close' },
        });
      }
      expect(api.service.logins).toEqual([]);
    });
  });

  it.each<[string, ConnectionOwner | Error, number, number, number]>([
    ['the same user', { relation: 'sameUser' }, 200, 200, 401],
    ['another user', { relation: 'otherUser', user: 'ben' }, 403, 403, 403],
    ['an administrator', { relation: 'administrator', user: 'root' }, 403, 200, 401],
    ['a caller that is gone', { relation: 'gone' }, 403, 403, 403],
    ['somebody, where the system does not tell', { relation: 'untold', reason: 'not here' }, 200, 200, 401],
    ['somebody who could not be found out', new Error('late'), 503, 503, 503],
  ])('%s: login, status with the token, status without', async (_who, answer, login, withToken, without) => {
    const api = await start({ owners: new FakeConnectionOwners(answer) });
    const token = { Authorization: `Bearer ${await api.statusToken()}` };
    const all = [
      await sendRequest(api.base, LOGIN),
      await sendRequest(api.base, { path: '/status', headers: token }),
      await sendRequest(api.base, { method: 'POST', path: '/uploads/retry', headers: token }),
      await sendRequest(api.base, { path: '/status' }),
      await sendRequest(api.base, { method: 'POST', path: '/uploads/retry' }),
    ];
    expect(all.map(({ status }) => status)).toEqual([login, withToken, withToken, without, without]);
    expect(api.service.logins).toHaveLength(login === 200 ? 1 : 0);
  });

  it.each<['refuse' | 'allow' | undefined, boolean, number]>([
    ['refuse', false, 403],
    ['refuse', true, 403],
    ['allow', false, 200],
    ['allow', true, 200],
    [undefined, false, 200],
    [undefined, true, 403],
  ])(
    'who cannot be told, with otherUsers %s, several people signed in: %s: %i, and that is shown',
    async (otherUsers, isForMany, expected) => {
      const owners = new FakeConnectionOwners({ relation: 'untold', reason: 'it is late' });
      owners.isForMany = isForMany;
      const api = await start({ owners, settings: { otherUsers } });
      expect((await sendRequest(api.base, LOGIN)).status).toBe(expected);
      expect(api.service.logins).toHaveLength(expected === 200 ? 1 : 0);
      expect(api.problems.raised.get('callerUnknown')).toMatchObject({
        text: expect.stringContaining(`${expected === 200 ? 'admitted' : 'refused'}: it is late.`),
      });
      owners.answer = { relation: 'otherUser', user: 'ben' };
      expect((await sendRequest(api.base, LOGIN)).status).toBe(403);
      expect([...api.problems.raised.keys()]).not.toContain('callerUnknown');
    },
  );

  it('who cannot be told is refused where it cannot be told either how many people are signed in', async () => {
    const owners = new FakeConnectionOwners({ relation: 'untold', reason: 'it is late' });
    owners.isShared = async () => {
      throw new Error('late');
    };
    const api = await start({ owners });
    expect((await sendRequest(api.base, LOGIN)).status).toBe(403);
  });

  it('is asked for once per connection, however many requests it carries', async () => {
    const owners = new FakeConnectionOwners({ relation: 'sameUser' });
    const api = await start({ owners });
    for (const base of api.addresses) {
      const agent = base.startsWith('https:')
        ? new (await import('node:https')).Agent({ keepAlive: true, maxSockets: 1 })
        : new http.Agent({ keepAlive: true, maxSockets: 1 });
      owners.asked = 0;
      for (let request = 0; request < 20; request += 1) {
        expect((await sendRequest(base, { path: '/version', agent })).status).toBe(200);
      }
      agent.destroy();
      expect(owners.asked).toBe(1);
      await sendRequest(base, { path: '/version' });
      expect(owners.asked).toBe(2);
    }
  });

  it('a caller of another user is logged once, not with every request', async () => {
    const lines: string[] = [];
    const log = createLogger('info', [{ write: (line) => void lines.push(line) }]);
    const api = await start({ owners: new FakeConnectionOwners({ relation: 'otherUser', user: 'ben' }), log });
    for (let request = 0; request < 5; request += 1) await sendRequest(api.base, LOGIN);
    expect(lines.filter((line) => line.includes('another user') && line.includes('ben'))).toHaveLength(1);
  });

  it('a login whose connection is cut before its user is known is carried out for nobody', async () => {
    let release = (): void => undefined;
    const found = new Promise<ConnectionOwner>((resolve) => (release = () => resolve({ relation: 'sameUser' })));
    const answers = [found];
    const owners: ConnectionOwners = {
      ownerOf: () => answers.shift() ?? Promise.resolve({ relation: 'sameUser' }),
      holderOf: async () => undefined,
      isShared: async () => false,
    };
    const api = await start({ owners });
    const { socket, closed } = await openRaw(api.base);
    socket.write(
      `GET /api/v2/me HTTP/1.1\r\nHost: ${new URL(api.base).host}\r\nOrigin: ${DESKTOP}\r\nAuthorization: ${OWN.Authorization}\r\n\r\n`,
    );
    await sendRequest(api.base, { path: '/version' }); // the login has been read by then
    socket.resetAndDestroy();
    await closed;
    await sendRequest(api.base, { path: '/version' });
    release();
    expect((await sendRequest(api.base, { path: '/version' })).status).toBe(200);
    expect(api.service.logins).toEqual([]);
  });

  describe('another real user', () => {
    const ask = `
      const [base, path, authorization] = process.argv.slice(1).filter((arg) => arg !== '--');
      const url = new URL(path, base);
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
      const client = require(url.protocol === 'https:' ? 'node:https' : 'node:http');
      client.get(url, { headers: { Origin: '${DESKTOP}', Authorization: authorization }, rejectUnauthorized: false }, (answer) => {
        process.stdout.write(String(answer.statusCode));
        answer.resume();
      });`;
    /** Without root nobody else can be played: the rows of this user are read all the same, by a service that runs as another. */
    const ownersFor = (): ConnectionOwners => (canBeOtherUser ? systemConnectionOwners() : new ProcConnectionOwners({ uid: OWN_UID + 1 }));
    const statusOf = async (base: string, path: string, authorization: string): Promise<number> =>
      canBeOtherUser
        ? Number(await runAsOtherUser(process.execPath, ['-e', ask, '--', base, path, authorization]))
        : (await sendRequest(base, { path, headers: { Origin: DESKTOP, Authorization: authorization } })).status;

    it.each(['http', 'https'].flatMap((scheme) => OWN_ADDRESSES.map((address) => `${scheme}://${address}`)))(
      'is refused at %s, token and all',
      async (place) => {
        const api = await start({ owners: ownersFor() });
        const { port } = new URL(api.addresses[place.startsWith('https') ? 1 : 0] ?? '');
        const base = `${place}:${port}`;
        for (const path of ['/api/v2/me', '/ping', '/version']) expect(await statusOf(base, path, OWN.Authorization)).toBe(403);
        expect(await statusOf(base, '/status', `Bearer ${await api.statusToken()}`)).toBe(403);
        expect(api.service.logins).toEqual([]);
      },
    );

    it('does not get in by sending and closing at once', async () => {
      const api = await start({ owners: ownersFor() });
      const { port } = new URL(api.base);
      const text = `GET /api/v2/me HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nOrigin: ${DESKTOP}\r\nAuthorization: ${OWN.Authorization}\r\n\r\n`;
      const flood = `
        const [port, text] = process.argv.slice(1).filter((arg) => arg !== '--');
        const { connect } = require('node:net');
        let left = 200;
        const next = () => {
          if (left === 0) return;
          left -= 1;
          const socket = connect(Number(port), '127.0.0.1', () => { socket.write(text, () => (left % 2 ? socket.resetAndDestroy() : socket.destroy())); });
          socket.on('error', () => undefined).on('close', next);
        };
        for (let lane = 0; lane < 4; lane += 1) next();`;
      if (canBeOtherUser) await runAsOtherUser(process.execPath, ['-e', flood, '--', port, text]);
      else await Promise.all(Array.from({ length: 50 }, () => sendAndClose(Number(port), text)));
      expect((await sendRequest(api.base, { path: '/version' })).status).toBe(canBeOtherUser ? 200 : 403);
      expect(api.service.logins).toEqual([]);
    });
  });

  it.each(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])('a computer without IPv6 (%s) is served on the one address it has', async (code) => {
    const listen = Server.prototype.listen;
    const spy = jest.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server, ...args: unknown[]) {
      if ((args[0] as { host?: string }).host !== '::1') return Reflect.apply(listen, this, args) as Server;
      setImmediate(() => this.emit('error', Object.assign(new Error(code), { code })));
      return this;
    });
    try {
      const api = await start();
      for (const address of api.addresses) expect((await sendRequest(address, { path: '/version' })).status).toBe(200);
    } finally {
      spy.mockRestore();
    }
  });

  describe('a port that is taken', () => {
    it.each(hasIpv6 ? ['127.0.0.1', '::1', '0.0.0.0', '::'] : ['127.0.0.1', '0.0.0.0'])(
      'on %s is said, with who holds it',
      async (address) => {
        const other = createServer().listen({ port: 0, host: address });
        await new Promise((resolve) => other.once('listening', resolve));
        const { port } = other.address() as AddressInfo;
        try {
          for (const [uid, isRetryable, words] of [
            [OWN_UID, false, 'another program of this user'],
            [OWN_UID + 1, true, 'another user of this computer'],
          ] as const) {
            const failure: unknown = await startApi({
              settings: { http: { enabled: true, port }, https: { enabled: false, port: 0 } },
              owners: new ProcConnectionOwners({ uid }),
            }).catch((error: unknown) => error);
            expect(isAppError(failure, 'portTaken')).toBe(true);
            expect(failure).toMatchObject({ isRetryable, message: expect.stringContaining(words) });
            expect((failure as Error).message).toContain(`port ${port}`);
          }
          if (address === '::1') await expect(openRaw(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
        } finally {
          await new Promise((resolve) => other.close(resolve));
        }
      },
    );
  });
});

function sendAndClose(port: number, text: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, () => socket.resetAndDestroy()));
    socket.on('error', () => undefined).once('close', () => resolve());
  });
}
