import { AppError } from '../../../src/shared/errors';
import { RwsError } from '../../../src/shared/rws-error';
import { basic, sendRequest, type TestAnswer } from '../../support/http-request';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { until } from '../../support/until';

const OWN = { Origin: DESKTOP, Authorization: basic('agent', 'secret') };
const SIGNED_IN = { statusCode: 0, user: { userName: 'agent', firstName: 'Ada', lastName: 'Agent' } };

describe('a login', () => {
  let api: ApiUnderTest;
  beforeEach(async () => {
    api = await startApi({
      settings: { server: 'https://rws.example.com', peer_server: 'https://peer.example.com', allowedServers: ['*.dc.example.com'] },
    });
  });
  afterEach(() => api.stop());

  const logIn = (userName = 'agent', password = 'secret'): Promise<TestAnswer> =>
    sendRequest(api.base, { path: '/api/v2/me', headers: { Origin: DESKTOP, Authorization: basic(userName, password) } });
  const configure = (body: unknown, headers: Record<string, string> = {}): Promise<TestAnswer> =>
    sendRequest(api.base, {
      method: 'POST',
      path: '/api/v2/me',
      headers: { ...OWN, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  describe('that fails at RWS', () => {
    const rws = (details: Omit<ConstructorParameters<typeof RwsError>[0], 'statusMessage'>): RwsError =>
      new RwsError({ statusMessage: 'As RWS says.', ...details });
    it.each([
      ['refused credentials', rws({ kind: 'unauthenticated', httpStatus: 401 }), 401, 20, undefined],
      ['a refused agent', rws({ kind: 'refused', httpStatus: 403, statusCode: 5 }), 403, 5, undefined],
      ['an agent whose password is to be changed', rws({ kind: 'refused', httpStatus: 403, statusCode: 8 }), 403, 8, undefined],
      ['an error of RWS', rws({ kind: 'unavailable', httpStatus: 500 }), 503, 4, '5'],
      ['no answer of RWS', rws({ kind: 'unavailable', retryAfterMs: 20_000 }), 503, 4, '20'],
      ['a broken answer of RWS', rws({ kind: 'broken' }), 503, 4, '5'],
      ['a certificate that is not accepted', rws({ kind: 'tls' }), 503, 4, '5'],
      ['no server known', new AppError('invalidRequest', 'x'), 400, 1, undefined],
      ['a fault of ours', new TypeError('cannot read properties of undefined (secret)'), 500, 4, undefined],
      ['a thrown text', 'secret text', 500, 4, undefined],
    ])('answers %s', async (_what, failure, httpStatus, statusCode, retryAfter) => {
      api.service.failures.push(failure);
      const answer = await logIn();
      expect(answer.status).toBe(httpStatus);
      expect(answer.json).toEqual({ statusCode, statusMessage: expect.stringMatching(/\S/) });
      expect(answer.headers['retry-after']).toBe(retryAfter);
      expect(answer.headers['access-control-allow-origin']).toBe(DESKTOP);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect(answer.text).not.toMatch(/secret|undefined|TypeError/);
    });
  });

  it('names what is missing when no server is known', async () => {
    const bare = await startApi({ settings: { server: undefined } });
    bare.service.configuredServer = undefined;
    try {
      const answer = await sendRequest(bare.base, { path: '/api/v2/me', headers: OWN });
      expect(answer).toMatchObject({ status: 400, json: { statusCode: 1, statusMessage: expect.stringContaining('server') } });
    } finally {
      await bare.stop();
    }
  });

  describe('with configuration', () => {
    it('gives every parameter to the service, whatever the Content-Type', async () => {
      const devices = [{ dn: 'DN1', switch: 'Switch' }];
      const body = [
        { name: 'server', value: 'https://one.dc.example.com:4443/' },
        { name: 'peer_server', value: 'https://two.dc.example.com' },
        { name: 'place', value: 'Place' },
        { name: 'devices', value: devices },
        { name: 'colour', value: 'blue' },
      ];
      for (const type of [undefined, 'application/json', 'text/plain', 'application/x-www-form-urlencoded', 'no type at all']) {
        const answer = await configure(body, type === undefined ? {} : { 'Content-Type': type });
        expect(answer).toMatchObject({ status: 200, json: SIGNED_IN });
      }
      expect(api.service.logins).toHaveLength(5);
      for (const { server, peerServer, details } of api.service.logins) {
        expect({ server, peerServer, details }).toEqual({
          server: 'https://one.dc.example.com:4443',
          peerServer: 'https://two.dc.example.com',
          details: { place: 'Place', devices },
        });
      }
    });

    it('leaves to the configuration what it does not name', async () => {
      expect((await configure('')).status).toBe(200);
      expect((await configure([{ name: 'peer_server', value: 'https://peer.example.com' }])).status).toBe(200);
      expect(api.service.logins.map(({ server, peerServer, details }) => ({ server, peerServer, details }))).toEqual([
        { server: undefined, peerServer: undefined, details: { devices: [] } },
        { server: undefined, peerServer: 'https://peer.example.com', details: { devices: [] } },
      ]);
    });

    it('takes both servers from the list form', async () => {
      const answer = await configure([{ name: 'server', value: 'https://one.dc.example.com(https://two.dc.example.com)' }]);
      expect(answer.status).toBe(200);
      expect(api.service.logins[0]).toMatchObject({ server: 'https://one.dc.example.com', peerServer: 'https://two.dc.example.com' });
    });

    it.each([
      ['server', 7],
      ['server', 'rws.example.com'],
      ['peer_server', false],
      ['place', ['P']],
      ['devices', {}],
      ['devices[0].dn', [{ switch: 'S' }]],
      ['devices[0].switch', [{ dn: '1', switch: 1 }]],
    ])('names %s when it is %j', async (field, value) => {
      const answer = await configure([{ name: field.replace(/\[.*/, ''), value }]);
      expect(answer).toMatchObject({ status: 400, json: { statusCode: 2, statusMessage: expect.stringContaining(` ${field} `) } });
      expect(api.service.logins).toHaveLength(0);
    });

    it.each([
      ['the server', [{ name: 'server', value: 'https://evil.example' }]],
      ['the peer', [{ name: 'peer_server', value: 'https://evil.example' }]],
      ['the peer of the list form', [{ name: 'server', value: 'https://one.dc.example.com(https://evil.example)' }]],
      ['an allowed host without TLS', [{ name: 'server', value: 'http://rws.example.com' }]],
    ])('sends nothing anywhere when %s is not allowed', async (_what, body) => {
      expect(await configure(body)).toMatchObject({ status: 403, json: { statusCode: 3 } });
      expect(api.service.logins).toHaveLength(0);
    });

    it.each(['https://rws.example.com', 'http://127.0.0.1:9000', 'http://localhost'])(
      'refuses %s where nothing is configured, and says what is missing',
      async (value) => {
        const bare = await startApi({ settings: { server: undefined } });
        try {
          const body = JSON.stringify([{ name: 'server', value }]);
          const answer = await sendRequest(bare.base, { method: 'POST', path: '/api/v2/me', headers: OWN, body });
          expect(answer).toMatchObject({
            status: 403,
            json: { statusCode: 3, statusMessage: expect.stringMatching(/No recording server is configured/) },
          });
          expect(bare.service.logins).toHaveLength(0);
        } finally {
          await bare.stop();
        }
      },
    );

    it.each([
      ['is too long, as its length says', (): TestRequestBody => ({ body: 'x'.repeat(64 * 1024 + 1) }), 413],
      [
        'is too long, in chunks',
        (): TestRequestBody => ({ body: 'x'.repeat(64 * 1024 + 1), headers: { 'Transfer-Encoding': 'chunked' } }),
        413,
      ],
      ['is compressed', (): TestRequestBody => ({ body: '[]', headers: { 'Content-Encoding': 'gzip' } }), 415],
      ['is no JSON', (): TestRequestBody => ({ body: '[' }), 400],
      ['is no UTF-8', (): TestRequestBody => ({ body: Buffer.from([0x22, 0xe4, 0x22]) }), 400],
    ])('refuses a body that %s', async (_what, make, httpStatus) => {
      const { body, headers = {} } = make();
      const answer = await sendRequest(api.base, { method: 'POST', path: '/api/v2/me', headers: { ...OWN, ...headers }, body });
      expect(answer).toMatchObject({ status: httpStatus, json: { statusCode: 2 } });
      expect(answer.headers['access-control-allow-origin']).toBe(DESKTOP);
      expect(api.service.logins).toHaveLength(0);
    });

    it('reads a body of exactly 64 KiB', async () => {
      const body = '[]'.padEnd(64 * 1024, ' ');
      expect((await configure(body)).status).toBe(200);
    });
  });

  it('keeps the session of the same agent, with a new cookie', async () => {
    const first = await logIn();
    const second = await logIn();
    expect([first.status, second.status]).toEqual([200, 200]);
    const [oldCookie, newCookie] = [cookieOf(first), cookieOf(second)];
    expect(api.service.current()?.sessionId).toBe('session-1');
    expect(newCookie).not.toBe(oldCookie);
    expect((await sendRequest(api.base, { path: '/ping', headers: { Origin: DESKTOP, Cookie: oldCookie } })).status).toBe(401);
    expect((await sendRequest(api.base, { path: '/ping', headers: { Origin: DESKTOP, Cookie: newCookie } })).status).toBe(200);
  });

  it('hands the seat to another agent, and voids what the first one held', async () => {
    const first = await logIn();
    const second = await logIn('other', 'word');
    expect(second.json).toEqual({ statusCode: 0, user: { userName: 'other' } });
    expect((await sendRequest(api.base, { path: '/ping', headers: { Origin: DESKTOP, Cookie: cookieOf(first) } })).status).toBe(401);
    expect((await sendRequest(api.base, { path: '/ping', headers: OWN })).status).toBe(401);
    expect((await sendRequest(api.base, { path: '/ping', headers: { Origin: DESKTOP, Cookie: cookieOf(second) } })).status).toBe(200);
    expect(api.service.polls).toEqual(['session-2']);
  });

  it('leaves the running session and its cookie alone when the next agent is refused', async () => {
    const first = await logIn();
    expect((await logIn('other', 'wrong')).status).toBe(401);
    expect((await sendRequest(api.base, { path: '/ping', headers: { Origin: DESKTOP, Cookie: cookieOf(first) } })).status).toBe(200);
  });

  it('runs two logins one after the other', async () => {
    const release = api.service.holdLogins();
    const both = Promise.all([logIn(), logIn('other', 'word')]);
    await until('the first login to reach the service', () => api.service.loginsUnderWay === 1);
    release();
    expect((await both).map(({ status }) => status)).toEqual([200, 200]);
    expect([api.service.logins.length, api.service.mostLoginsAtOnce]).toEqual([2, 1]);
  });

  describe('after too many refused ones', () => {
    it('asks RWS no more than five times in a minute for one user, even for logins sent at once', async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => logIn('agent', 'wrong')));
      expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(5).fill(401), ...Array<number>(7).fill(429)]);
      expect(api.service.logins).toHaveLength(5);
      const refused = await logIn('AGENT');
      expect(refused).toMatchObject({ status: 429, json: { statusCode: 3 }, headers: { 'retry-after': '60' } });
      expect((await logIn('other', 'word')).status).toBe(200);
      await api.clock.advance(60_000);
      expect((await logIn()).status).toBe(200);
    });

    it('lets further names in one by one after twenty, and none of them is locked out', async () => {
      for (let user = 0; user < 20; user += 1) expect((await logIn(`user-${user}`, 'x')).status).toBe(401);
      const next = logIn();
      await until('the login to wait', () => api.clock.pendingTimers > 0);
      expect(api.service.logins).toHaveLength(20);
      await api.clock.advance(3_000);
      expect((await next).status).toBe(200);
      expect((await logIn('user-20', 'x')).status).toBe(401);
      const late = logIn('late', 'x');
      await until('the login to wait', () => api.clock.pendingTimers > 0);
      expect((await logIn()).status).toBe(200); // has signed in before
      await api.clock.advance(3_000);
      expect((await late).status).toBe(401);
    });

    it('asks RWS seldom, however many names are tried at once', async () => {
      const answers = Promise.all(Array.from({ length: 60 }, (_, user) => logIn(`user-${user}`, 'x')));
      for (let seconds = 0; seconds < 20; seconds += 1) {
        await until('the logins to arrive', async () => (await sendRequest(api.base, { path: '/version' })).status === 200);
        await api.clock.advance(1_000);
      }
      const statuses = (await answers).map(({ status }) => status);
      expect(api.service.logins.length).toBeLessThanOrEqual(20 + 7);
      expect(statuses.filter((status) => status === 401)).toHaveLength(api.service.logins.length);
      expect(statuses.filter((status) => status === 429)).toHaveLength(60 - api.service.logins.length);
    });

    it('does not count other failures', async () => {
      const unavailable = new RwsError({ kind: 'unavailable', statusMessage: 'away' });
      api.service.failures.push(...Array.from({ length: 30 }, () => unavailable));
      for (let attempt = 0; attempt < 30; attempt += 1) expect((await logIn()).status).toBe(503);
      expect((await logIn()).status).toBe(200);
    });
  });
});

interface TestRequestBody {
  readonly body: string | Uint8Array;
  readonly headers?: Record<string, string>;
}

function cookieOf(answer: TestAnswer): string {
  return (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}
