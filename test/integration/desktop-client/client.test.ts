import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
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

describe('login', () => {
  test('carries the configuration, and says who the agent is', async () => {
    const client = createClient({
      configuration: {
        server: 'https://rws.example.com',
        peerServer: 'https://dc2.example.com',
        place: 'P1',
        devices: [{ dn: '7001', switch: 'S' }],
      },
    });
    await expect(client.login()).resolves.toEqual({ userName: 'agent', firstName: 'Ada', lastName: 'Agent' });
    expect(api.service.logins).toEqual([
      expect.objectContaining({
        server: 'https://rws.example.com',
        peerServer: 'https://dc2.example.com',
        details: { place: 'P1', devices: [{ dn: '7001', switch: 'S' }] },
      }),
    ]);
  });

  test('leaves out what is not configured', async () => {
    await createClient({ configuration: () => ({ server: '', devices: [] }) }).login();
    expect(api.service.logins[0]).toMatchObject({ details: { devices: [] } });
    expect(api.service.logins[0]).not.toHaveProperty('server');
  });

  test('shows its states one after the other', async () => {
    const client = createClient();
    await client.login();
    await polls(1);
    await until('the first poll to be shown', () => states.length >= 4);
    expect(states.map((state) => state.status)).toEqual(['signingIn', 'signingIn', 'signedIn', 'signedIn']);
    expect(states.at(-1)).toMatchObject({ lastPoll: expect.any(Date) });
  });

  test('takes names and passwords of any alphabet', async () => {
    api.service.addAgent('Жанна', 'пароль✓');
    await expect(createClient(as('Жанна', 'пароль✓')).login()).resolves.toEqual({ userName: 'Жанна' });
  });

  test('takes the place of a login under way', async () => {
    const client = createClient();
    const release = api.service.holdLogins();
    const first = errorOf(client.login());
    const second = client.login();
    release();
    expect(await first).toMatchObject({ code: 'aborted' });
    await expect(second).resolves.toMatchObject({ userName: 'agent' });
    expect(client.state.status).toBe('signedIn');
  });
});

describe('what goes wrong has a code', () => {
  const unavailable = new RwsError({ kind: 'unavailable', statusMessage: 'RWS does not answer' });

  test.each<[string, () => Partial<ScreenRecordingClientOptions>, Partial<ScreenRecordingClientError>]>([
    ['a wrong password', () => as('agent', 'wrong'), { code: 'credentialsRefused', httpStatus: 401, statusCode: 20, isTemporary: false }],
    [
      'an origin that is not allowed',
      () => ({ origin: 'https://evil.example.com' }),
      { code: 'forbidden', httpStatus: 403, statusCode: 3 },
    ],
    [
      'a server that is not allowed',
      () => ({ configuration: { server: 'https://elsewhere.example.com' } }),
      { code: 'forbidden', statusCode: 3 },
    ],
    [
      'a server that is no address',
      () => ({ configuration: { server: 'nonsense' } }),
      { code: 'invalidRequest', httpStatus: 400, statusCode: 2 },
    ],
    ['a user name with a colon', () => as('a:b', 'secret'), { code: 'invalidRequest' }],
    ['no user name', () => as('', 'secret'), { code: 'invalidRequest' }],
    ['nobody at the address', () => ({ baseUrl: 'http://127.0.0.1:1' }), { code: 'unreachable', isTemporary: true }],
    [
      'credentials that cannot be had',
      () => ({ credentials: () => Promise.reject(new Error('the agent closed the dialog')) }),
      { code: 'invalidRequest', cause: expect.objectContaining({ message: 'the agent closed the dialog' }) },
    ],
  ])('%s', async (_what, options, expected) => {
    const client = createClient(options());
    const error = await errorOf(client.login());
    expect(error).toMatchObject(expected);
    expect(client.state).toEqual({ status: 'failed', error });
    expect(timers.running).toBe(0);
  });

  test('a recording server that is away says when to come back', async () => {
    api.service.failures.push(unavailable);
    expect(await errorOf(createClient().login())).toMatchObject({
      code: 'serverUnavailable',
      retryAfterSeconds: expect.any(Number),
      isTemporary: true,
    });
  });

  test('too many wrong passwords', async () => {
    const client = createClient(as('agent', 'wrong'));
    for (let attempt = 0; attempt < 5; attempt += 1) await errorOf(client.login());
    expect(await errorOf(client.login())).toMatchObject({ code: 'tooManyAttempts', retryAfterSeconds: expect.any(Number) });
  });

  test('something else that answers', async () => {
    const server = await serve('<html>hello</html>');
    const { port } = server.address() as AddressInfo;
    const client = createClient({ baseUrl: `http://127.0.0.1:${port}` });
    expect(await errorOf(client.login())).toMatchObject({ code: 'unexpectedAnswer' });
    expect(await errorOf(client.version())).toMatchObject({ code: 'unexpectedAnswer' });
    await new Promise((resolve) => server.close(resolve));
  });

  test('a service that does not answer in time', async () => {
    const release = api.service.holdLogins();
    const error = await errorOf(createClient({ timeoutSeconds: 0.05 }).login());
    expect(error).toMatchObject({ code: 'unreachable' });
    release();
  });

  test('no message holds the password', async () => {
    for (const options of [as('agent', 'hunter2'), { ...as('agent', 'hunter2'), baseUrl: 'http://127.0.0.1:1' }]) {
      expect((await errorOf(createClient(options).login())).message).not.toContain('hunter2');
    }
  });
});

test('stop ends polling and leaves the session', async () => {
  const client = createClient();
  await client.login();
  client.stop();
  expect(timers.running).toBe(0);
  expect(client.state).toEqual({ status: 'signedOut' });
  expect(api.service.logouts).toEqual([]);
});

test('version needs no login', async () => {
  await expect(createClient().version()).resolves.toBe('8.5.102.03');
});

async function serve(text: string): Promise<Server> {
  const server = createServer((_request, response) => response.end(text));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
