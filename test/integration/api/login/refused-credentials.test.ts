import { createLogger } from '../../../../src/lib/logger';
import { type ApiUnderTest, DESKTOP, startApi } from '../../../support/api-under-test';
import { basic, sendRequest, type TestAnswer } from '../../../support/http-request';

const OWN = basic('agent', 'secret');
const LOGOUT = '{"operationName":"EndContactCenterSession"}';
type Way = 'login' | 'ping' | 'logout';
const WAYS: readonly Way[] = ['login', 'ping', 'logout'];

describe('refused credentials', () => {
  let api: ApiUnderTest;
  let lines: string[];
  let cookie: string;

  beforeEach(async () => {
    lines = [];
    api = await startApi({ log: createLogger('info', [{ write: (line) => void lines.push(line) }]) });
    cookie = (await ask('login', OWN)).headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  });
  afterEach(() => api.stop());

  function ask(way: Way, authorization: string): Promise<TestAnswer> {
    const headers = { Origin: DESKTOP, Authorization: authorization };
    if (way === 'ping') return sendRequest(api.base, { path: '/ping', headers });
    if (way === 'login') return sendRequest(api.base, { path: '/api/v2/me', headers });
    return sendRequest(api.base, {
      method: 'POST',
      path: '/api/v2/me',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: LOGOUT,
    });
  }

  it.each(WAYS.flatMap((guessed) => WAYS.map((then) => [guessed, then] as const)))(
    'five by %s stop the user name by %s too, right or wrong',
    async (guessed, then) => {
      for (let guess = 0; guess < 5; guess += 1) expect((await ask(guessed, basic('agent', `guess-${guess}`))).status).toBe(401);
      const session = api.service.current()?.sessionId;
      for (const authorization of [OWN, basic('agent', 'another guess'), basic('AGENT', 'secret')]) {
        const answer = await ask(then, authorization);
        expect(answer).toMatchObject({ status: 429, json: { statusCode: 3 }, headers: { 'retry-after': then === 'ping' ? '10' : '60' } });
        expect(answer.headers['access-control-allow-origin']).toBe(DESKTOP);
      }
      expect([api.service.current()?.sessionId, api.service.logouts, api.service.polls]).toEqual([session, [], []]);
      expect(api.service.logins).toHaveLength(guessed === 'login' ? 6 : 1);
      await api.clock.advance(60_000);
      expect((await ask(then, OWN)).status).toBe(200);
    },
  );

  it('answer no more than five of a thousand guesses in a minute', async () => {
    let answered = 0;
    for (let guess = 0; guess < 1_000; guess += 1) {
      const { status } = await ask(guess % 2 === 0 ? 'ping' : 'logout', basic('agent', guess === 700 ? 'secret' : `guess-${guess}`));
      if (status !== 429) answered += 1;
    }
    expect(answered).toBe(5);
  });

  it('are logged, without name and password', async () => {
    for (const way of WAYS) await ask(way, basic('agent', `guess-${way}`));
    const refused = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ msg }) => msg === 'credentials refused');
    expect(refused.map(({ asked }) => asked)).toEqual(['login', 'poll', 'logout']);
    expect(lines.join('')).not.toMatch(/guess-|"agent"/);
  });

  it('of whoever guesses do not end the session: the cookie works on, and a right poll keeps it', async () => {
    for (let guess = 0; guess < 5; guess += 1) await ask('ping', basic('agent', `guess-${guess}`));
    expect((await sendRequest(api.base, { path: '/ping', headers: { Origin: DESKTOP, Cookie: cookie } })).status).toBe(200);
    api.service.polls.length = 0;
    for (let poll = 0; poll < 10; poll += 1)
      expect((await ask('ping', poll === 3 ? OWN : basic('agent', `more-${poll}`))).status).toBe(429);
    expect(api.service.polls).toEqual([]);
    await api.clock.advance(5_000);
    expect(api.service.polls).toEqual([api.service.current()?.sessionId]);
    for (let poll = 0; poll < 10; poll += 1) await ask('ping', basic('agent', `others-${poll}`));
    await api.clock.advance(5_000);
    expect(api.service.polls).toHaveLength(1);
  });

  it('of a desktop that was left open with an old password count once', async () => {
    for (let poll = 0; poll < 30; poll += 1) expect((await ask('ping', basic('agent', 'old'))).status).toBe(401);
    expect((await ask('ping', OWN)).status).toBe(200);
    expect(lines.filter((line) => line.includes('credentials refused'))).toHaveLength(1);
  });

  it('are not counted where there is no session to compare with', async () => {
    api.service.endSession();
    for (let poll = 0; poll < 30; poll += 1) expect((await ask('ping', OWN)).status).toBe(401);
    expect((await ask('login', OWN)).status).toBe(200);
  });

  it('of made-up names keep no agent’s poll or logout out', async () => {
    for (let name = 0; name < 100; name += 1) expect((await ask('ping', basic(`user-${name}`, 'x'))).status).toBe(401);
    expect((await ask('ping', OWN)).status).toBe(200);
    expect((await ask('login', OWN)).status).toBe(200);
    expect((await ask('logout', OWN)).status).toBe(200);
  });
});
