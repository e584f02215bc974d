import { basic, sendRequest, type TestAnswer } from '../../support/http-request';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { FakeTlsSource, issueLoopbackCertificate } from '../../support/loopback-certificate';

const OWN = { Origin: DESKTOP, Authorization: basic('agent', 'secret') };
const LOGOUT = '{"operationName":"EndContactCenterSession"}';

describe('the local session', () => {
  let api: ApiUnderTest;
  beforeAll(async () => {
    api = await startApi({ tls: new FakeTlsSource(await issueLoopbackCertificate()) });
  });
  afterAll(() => api.stop());
  beforeEach(() => api.service.endSession());

  const logIn = (headers: Record<string, string> = {}, base = api.base): Promise<TestAnswer> =>
    sendRequest(base, { path: '/api/v2/me', headers: { ...OWN, ...headers } });
  const ping = (headers: Record<string, string>): Promise<TestAnswer> =>
    sendRequest(api.base, { path: '/ping', headers: { Origin: DESKTOP, ...headers } });
  const logOut = (headers: Record<string, string>, type = 'application/json'): Promise<TestAnswer> =>
    sendRequest(api.base, {
      method: 'POST',
      path: '/api/v2/me',
      headers: { Origin: DESKTOP, 'Content-Type': type, ...headers },
      body: LOGOUT,
    });

  describe('cookie', () => {
    it.each([
      ['over http from an https page', 0, DESKTOP, 'Path=/; HttpOnly; Secure; SameSite=None'],
      ['over http from an http page', 0, 'http://intranet.example.com', 'Path=/; HttpOnly; SameSite=Lax'],
      ['over https from an https page', 1, DESKTOP, 'Path=/; HttpOnly; Secure; SameSite=None'],
      ['over https from an http page', 1, 'http://intranet.example.com', 'Path=/; HttpOnly; Secure; SameSite=None'],
    ])('%s has the attributes for it', async (_what, address, origin, attributes) => {
      const answer = await logIn({ Origin: origin }, api.addresses[address]);
      expect(answer.headers['set-cookie']).toHaveLength(1);
      const [value, ...rest] = (answer.headers['set-cookie']?.[0] ?? '').split('; ');
      expect(value).toMatch(/^SRSSESSIONID=[\w-]{43}$/);
      expect(rest.join('; ')).toBe(attributes);
    });

    it('is cleared by the logout, with the same attributes', async () => {
      await logIn();
      const answer = await logOut({ Authorization: OWN.Authorization });
      expect(answer.headers['set-cookie']?.[0]).toBe(
        'SRSSESSIONID=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=None',
      );
    });

    it('is void when the session of the service has gone, and with the next one', async () => {
      const cookie = cookieOf(await logIn());
      api.service.endSession();
      expect((await ping({ Cookie: cookie })).status).toBe(401);
      await logIn();
      expect((await ping({ Cookie: cookie })).status).toBe(401);
    });
  });

  describe('poll', () => {
    it.each([
      ['Basic', (): Record<string, string> => ({ Authorization: OWN.Authorization })],
      ['cookie', (cookie: string): Record<string, string> => ({ Cookie: `x=y; ${cookie}` })],
      [
        'cookie beside a token of the desktop’s own',
        (cookie: string): Record<string, string> => ({ Authorization: 'Bearer a.b.c', Cookie: cookie }),
      ],
      ['Basic beside an old cookie', (): Record<string, string> => ({ Authorization: OWN.Authorization, Cookie: 'SRSSESSIONID=old' })],
    ])('by %s restarts the timer', async (_what, headers) => {
      const cookie = cookieOf(await logIn());
      const before = api.service.polls.length;
      expect(await ping(headers(cookie))).toMatchObject({ status: 200, json: { statusCode: 0 } });
      expect(api.service.polls.slice(before)).toEqual([api.service.current()?.sessionId]);
    });

    it.each([
      ['nothing', (): Record<string, string> => ({})],
      ["another agent's credentials", (): Record<string, string> => ({ Authorization: basic('other', 'word') })],
      ['a wrong password', (): Record<string, string> => ({ Authorization: basic('agent', 'guess') })],
      [
        'a wrong password beside the cookie',
        (cookie: string): Record<string, string> => ({ Authorization: basic('agent', 'guess'), Cookie: cookie }),
      ],
      ['a forged cookie', (): Record<string, string> => ({ Cookie: 'SRSSESSIONID=forged' })],
    ])('with %s is refused and restarts nothing', async (_what, headers) => {
      const cookie = cookieOf(await logIn());
      const before = api.service.polls.length;
      const answer = await ping(headers(cookie));
      expect(answer).toMatchObject({ status: 401, json: { statusCode: 20 } });
      expect(answer.headers['www-authenticate']).toBeUndefined();
      expect(api.service.polls).toHaveLength(before);
    });

    it('of a session nobody logged in to here, resumed after a restart, goes by Basic', async () => {
      await api.service.login({
        credentials: (await import('../../../src/api/login/caller')).parseBasicCredentials(OWN.Authorization)!,
        details: { devices: [] },
      });
      expect((await ping({ Authorization: OWN.Authorization })).status).toBe(200);
      expect((await ping({ Cookie: 'SRSSESSIONID=' })).status).toBe(401);
    });

    it('is counted for no refused login, however often it is refused', async () => {
      for (let poll = 0; poll < 8; poll += 1) expect((await ping(OWN)).status).toBe(401);
      expect((await logIn()).status).toBe(200);
    });
  });

  describe('logout', () => {
    it.each([
      ['Basic', (): Record<string, string> => ({ Authorization: OWN.Authorization }), 'application/json'],
      ['cookie', (cookie: string): Record<string, string> => ({ Cookie: cookie }), 'application/json; charset=utf-8'],
      ['cookie, with a Content-Type in capitals', (cookie: string): Record<string, string> => ({ Cookie: cookie }), 'APPLICATION/JSON'],
    ])('by %s ends the session', async (_what, headers, type) => {
      const cookie = cookieOf(await logIn());
      const sessionId = api.service.current()?.sessionId;
      expect(await logOut(headers(cookie), type)).toMatchObject({ status: 200, json: { statusCode: 0 } });
      expect(api.service.logouts.at(-1)).toBe(sessionId);
      expect((await ping({ Cookie: cookie })).status).toBe(401);
    });

    it.each([
      ['nothing', {}, 'application/json', 401],
      ["another agent's credentials", { Authorization: basic('other', 'word') }, 'application/json', 401],
      ['a wrong password', { Authorization: basic('agent', 'guess') }, 'application/json', 401],
      ['a forged cookie', { Cookie: 'SRSSESSIONID=forged' }, 'application/json', 401],
      ['a Content-Type that a form could have', { Authorization: OWN.Authorization }, 'text/plain', 415],
      ['a Content-Type that is nearly right', { Authorization: OWN.Authorization }, 'application/jsonp', 415],
    ])('with %s ends nothing', async (_what, headers, type, httpStatus) => {
      await logIn();
      const before = api.service.logouts.length;
      expect((await logOut(headers, type)).status).toBe(httpStatus);
      expect(api.service.logouts).toHaveLength(before);
      expect(api.service.current()).toBeDefined();
    });

    it('without a session is refused', async () => {
      expect(await logOut({ Authorization: OWN.Authorization })).toMatchObject({ status: 401, json: { statusCode: 20 } });
    });
  });

  describe('CSRF protection', () => {
    it.each(['True', 'true', 'TRUE', ' tRuE '])('is opened by X-Support-CSRFP: %s', async (value) => {
      const { headers } = await logIn({ 'X-Support-CSRFP': value });
      expect(headers['x-csrf-header']).toBe('X-CSRF-TOKEN');
      expect(headers['x-csrf-token']).toMatch(/^[\da-f-]{36}$/);
    });

    it.each(['False', '1', ''])('is not opened by X-Support-CSRFP: %j', async (value) => {
      const answer = await logIn({ 'X-Support-CSRFP': value });
      expect([answer.headers['x-csrf-header'], answer.headers['x-csrf-token']]).toEqual([undefined, undefined]);
      expect((await logOut({ Cookie: cookieOf(answer) })).status).toBe(200);
    });

    it.each(['cookie', 'Basic'])('makes a logout by %s ask for the token', async (kind) => {
      const login = await logIn({ 'X-Support-CSRFP': 'True' });
      const token = String(login.headers['x-csrf-token']);
      const own = kind === 'Basic' ? { Authorization: OWN.Authorization } : { Cookie: cookieOf(login) };
      for (const wrong of [undefined, '', 'x', `${token}x`, token.toUpperCase()]) {
        const answer = await logOut({ ...own, ...(wrong === undefined ? {} : { 'X-CSRF-Token': wrong }) });
        if (wrong === token) continue; // a UUID without letters
        expect(answer).toMatchObject({ status: 403, json: { statusCode: 3, statusMessage: 'Missing or invalid Csrf token' } });
      }
      expect(api.service.current()).toBeDefined();
      expect((await ping(own)).status).toBe(200);
      expect((await logOut({ ...own, 'X-CSRF-Token': token })).status).toBe(200);
    });

    it('does not ask a login for the token, whoever sends it', async () => {
      await logIn({ 'X-Support-CSRFP': 'True' });
      expect((await logIn()).status).toBe(200);
      expect((await logIn({ Authorization: basic('other', 'word') })).status).toBe(200);
    });

    it('has no say over whether somebody is signed in: who proves nothing gets 401, not 403', async () => {
      await logIn({ 'X-Support-CSRFP': 'True' });
      expect((await logOut({ Cookie: 'SRSSESSIONID=forged' })).status).toBe(401);
    });
  });
});

function cookieOf(answer: TestAnswer): string {
  return (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
}
