import {
  type ClientState,
  createScreenRecordingClient,
  type ScreenRecordingClient,
  type ScreenRecordingClientError,
  type ScreenRecordingClientOptions,
} from '../../../src/desktop-client';
import { RwsError } from '../../../src/shared/rws-error';
import { FakeTimers } from '../../fakes/fake-timers';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { until } from '../../support/until';

let api: ApiUnderTest;
let timers: FakeTimers;
let states: ClientState[];
const clients: ScreenRecordingClient[] = [];

beforeEach(async () => {
  api = await startApi({ settings: { allowedServers: ['dc2.example.com'] } });
  timers = new FakeTimers();
  states = [];
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.stop();
  await api.stop();
});

function createClient(options: Partial<ScreenRecordingClientOptions> = {}): ScreenRecordingClient {
  const client = createScreenRecordingClient({
    baseUrl: api.base,
    origin: DESKTOP,
    credentials: () => ({ userName: 'agent', password: 'secret' }),
    timers,
    onState: (state) => states.push(state),
    ...options,
  });
  clients.push(client);
  return client;
}

const as = (userName: string, password: string): Pick<ScreenRecordingClientOptions, 'credentials'> => ({
  credentials: () => ({ userName, password }),
});

async function errorOf(promise: Promise<unknown>): Promise<ScreenRecordingClientError> {
  return promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: ScreenRecordingClientError) => error,
  );
}

const polls = (count: number): Promise<unknown> => until(`${count} polls`, () => api.service.polls.length >= count);
const status = (client: ScreenRecordingClient, wanted: ClientState['status']): Promise<unknown> =>
  until(`the state ${wanted}`, () => client.state.status === wanted);

describe('polling', () => {
  test('begins with the login and goes on until the logout', async () => {
    const client = createClient();
    await client.login();
    await polls(1);
    await status(client, 'signedIn');
    timers.tick();
    await polls(2);
    await client.logout();
    expect(timers.running).toBe(0);
  });

  test('signs in again when the session is gone', async () => {
    let asked = 0;
    const client = createClient({
      credentials: () => {
        asked += 1;
        return { userName: 'agent', password: 'secret' };
      },
    });
    await client.login();
    await polls(1);
    api.service.endSession();
    await until('a second login', () => {
      timers.tick();
      return api.service.logins.length === 2;
    });
    await status(client, 'signedIn');
    expect(asked).toBe(2);
    await until('polls of the new session', () => {
      timers.tick();
      return api.service.polls.at(-1) === 'session-2';
    });
  });

  test('gives up when the password no longer holds', async () => {
    const client = createClient();
    await client.login();
    await polls(1);
    api.service.addAgent('agent', 'changed');
    api.service.endSession();
    await until('the end', () => {
      timers.tick();
      return client.state.status === 'failed';
    });
    expect(client.state).toMatchObject({ error: { code: 'credentialsRefused' } });
    expect(timers.running).toBe(0);
  });

  test('does not fight another desktop for the session', async () => {
    const client = createClient();
    const other = createClient({ ...as('other', 'word'), timers: new FakeTimers(), onState: () => undefined });
    await client.login();
    await polls(1);
    for (let times = 0; times < 2; times += 1) {
      await other.login();
      await until('the session back', () => {
        timers.tick();
        return api.service.current()?.user.userName === 'agent' && client.state.status === 'signedIn';
      });
    }
    await other.login();
    await until('the end', () => {
      timers.tick();
      return client.state.status === 'failed';
    });
    expect(client.state).toMatchObject({ error: { code: 'sessionTaken' } });
    expect(api.service.current()?.user.userName).toBe('other');
  });

  test('waits for a service that is away, and goes on when it is back', async () => {
    let isAway = false;
    const client = createClient({ fetch: (input, init) => (isAway ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init)) });
    await client.login();
    await polls(1);
    isAway = true;
    await until('the loss to be seen', () => {
      timers.tick();
      return client.state.status === 'reconnecting';
    });
    expect(client.state).toMatchObject({ user: { userName: 'agent' }, error: { code: 'unreachable' } });
    isAway = false;
    await until('the recovery', () => {
      timers.tick();
      return client.state.status === 'signedIn';
    });
    expect(api.service.logins).toHaveLength(1);
  });

  test('keeps to the time the service asks for before it tries again', async () => {
    const client = createClient();
    await client.login();
    await polls(1);
    api.service.failures.push(new RwsError({ kind: 'unavailable', statusMessage: 'RWS does not answer', retryAfterMs: 60_000 }));
    api.service.endSession();
    await until('a refused login', () => {
      timers.tick(1);
      return client.state.status === 'reconnecting' && client.state.error.code === 'serverUnavailable';
    });
    const { retryAfterSeconds = 0 } = (client.state as Extract<ClientState, { status: 'reconnecting' }>).error;
    expect(retryAfterSeconds).toBeGreaterThan(1);
    timers.tick(1);
    expect(api.service.logins).toHaveLength(2);
    timers.tick(retryAfterSeconds);
    await until('the third login', () => api.service.logins.length === 3);
    await status(client, 'signedIn');
  });
});

describe('logout', () => {
  test.each([[true], [false]])('ends the session, with protection against forged requests: %s', async (supportCsrf) => {
    const client = createClient({ supportCsrf });
    await client.login();
    await client.logout();
    expect(api.service.logouts).toEqual(['session-1']);
    expect(client.state).toEqual({ status: 'signedOut' });
  });

  test('works though another page signed the same agent in since, which made the CSRF token void', async () => {
    const client = createClient();
    await client.login();
    await createClient({ timers: new FakeTimers(), onState: () => undefined }).login();
    await client.logout();
    expect(api.service.current()).toBeUndefined();
  });

  test('is content when there is no session any more', async () => {
    const client = createClient();
    await client.login();
    api.service.endSession();
    await client.logout();
    expect(client.state).toEqual({ status: 'signedOut' });
  });

  test('says when the service could not be told, and is signed out all the same', async () => {
    let isAway = false;
    const client = createClient({ fetch: (input, init) => (isAway ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init)) });
    await client.login();
    isAway = true;
    expect(await errorOf(client.logout())).toMatchObject({ code: 'unreachable' });
    expect(client.state).toEqual({ status: 'signedOut' });
    expect(timers.running).toBe(0);
  });

  test('during a login waits for it, so that no session is left behind', async () => {
    const client = createClient();
    const release = api.service.holdLogins();
    const login = client.login();
    await until('the login to arrive', () => api.service.logins.length === 1);
    const logout = client.logout();
    release();
    await login;
    await logout;
    expect(api.service.logouts).toEqual(['session-1']);
    expect(api.service.current()).toBeUndefined();
  });

  test('without a login does nothing', async () => {
    const client = createClient();
    await client.logout();
    expect(client.state).toEqual({ status: 'signedOut' });
  });
});
