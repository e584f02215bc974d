import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { basic, sendRequest, type TestAnswer } from '../../support/http-request';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { FakeTlsSource, issueLoopbackCertificate } from '../../support/loopback-certificate';

/** The whole contract as one table: every origin with every Host, credentials, method, path and body, over HTTP and HTTPS. */
const ORIGINS = {
  desktop: { value: DESKTOP, isAllowed: true },
  wildcard: { value: 'https://one.apps.example.com', isAllowed: true },
  server: { value: 'https://rws.example.com', isAllowed: true },
  plain: { value: 'http://intranet.example.com', isAllowed: true },
  foreign: { value: 'https://evil.example', isAllowed: false },
  null: { value: 'null', isAllowed: false },
  none: { value: undefined, isAllowed: false },
} as const;
const HOSTS = {
  address: { host: (port: string) => `127.0.0.1:${port}`, isOwn: true },
  localhost: { host: (port: string) => `LocalHost:${port}`, isOwn: true },
  rebound: { host: (port: string) => `desktop.example.com:${port}`, isOwn: false },
  portless: { host: () => '127.0.0.1', isOwn: false },
} as const;
const CREDENTIALS = {
  none: { headers: {}, isOwn: false, isBasic: false, isFormed: false },
  own: { headers: { Authorization: basic('agent', 'secret') }, isOwn: true, isBasic: true, isFormed: true },
  wrong: { headers: { Authorization: basic('agent', 'guess') }, isOwn: false, isBasic: true, isFormed: true },
  malformed: { headers: { Authorization: 'Basic %%%' }, isOwn: false, isBasic: false, isFormed: false },
  cookie: { headers: { Cookie: 'SRSSESSIONID=<own>' }, isOwn: true, isBasic: false, isFormed: true },
  forged: { headers: { Cookie: 'SRSSESSIONID=forged' }, isOwn: false, isBasic: false, isFormed: true },
} as const;
const PATHS = ['/api/v2/me', '/api/v2/me/', '/ping', '/version', '/status', '/uploads/retry', '/elsewhere'] as const;
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'PATCH'] as const;
const BODIES = {
  empty: { text: '', type: undefined, kind: 'login' },
  configuration: { text: '[{"name":"place","value":"P"}]', type: 'text/plain', kind: 'login' },
  broken: { text: '[{', type: 'application/json', kind: 'invalid' },
  wrongType: { text: '[{"name":"place","value":1}]', type: 'application/json', kind: 'invalid' },
  logout: { text: '{"operationName":"EndContactCenterSession"}', type: 'application/json', kind: 'logout' },
  logoutAsForm: { text: '{"operationName":"EndContactCenterSession"}', type: 'text/plain', kind: 'unsupported' },
} as const;

type Name<T> = keyof T & string;
interface Row {
  readonly origin: Name<typeof ORIGINS>;
  readonly host: Name<typeof HOSTS>;
  readonly credentials: Name<typeof CREDENTIALS>;
  readonly method: (typeof METHODS)[number];
  readonly path: (typeof PATHS)[number];
  readonly body: Name<typeof BODIES>;
}
type Expected = readonly [httpStatus: number, statusCode: number | undefined];

const ALLOW: Readonly<Record<string, string>> = {
  '/api/v2/me': 'GET, POST, OPTIONS',
  '/ping': 'GET, OPTIONS',
  '/version': 'GET, HEAD, OPTIONS',
  '/status': 'GET',
  '/uploads/retry': 'POST',
};

/** What the contract says, row by row: the first rule that applies decides. */
function expected(row: Row): Expected {
  const resource = row.path.replace(/\/$/, '');
  const allow = ALLOW[resource];
  if (!HOSTS[row.host].isOwn) return [421, 3];
  if (allow === undefined) return [404, 6];
  const isGuarded = resource === '/api/v2/me' || resource === '/ping' || (resource === '/version' && row.method === 'OPTIONS');
  if (isGuarded && !ORIGINS[row.origin].isAllowed) return [403, 3];
  if (resource === '/uploads/retry' && row.origin !== 'none' && !ORIGINS[row.origin].isAllowed) return [403, 3];
  if (!allow.split(', ').includes(row.method)) return [405, 2];
  if (row.method === 'OPTIONS') return [200, undefined];
  if (resource === '/version') return [200, undefined];
  if (resource === '/status' || resource === '/uploads/retry') return [401, 20];
  const credentials = CREDENTIALS[row.credentials];
  if (resource === '/ping') return credentials.isOwn ? [200, 0] : [401, 20];
  if (!credentials.isFormed) return [401, 20];
  const kind = row.method === 'GET' ? 'login' : BODIES[row.body].kind;
  if (kind === 'invalid') return [400, 2];
  if (kind === 'unsupported') return [415, 2];
  if (kind === 'login' && !credentials.isBasic) return [401, 20];
  return credentials.isOwn ? [200, 0] : [401, 20];
}

function rows(method: Row['method']): Row[] {
  const bodies = method === 'POST' ? keys(BODIES) : (['empty'] as const);
  return PATHS.flatMap((path) =>
    bodies.flatMap((body) =>
      keys(ORIGINS).flatMap((origin) =>
        keys(HOSTS).flatMap((host) => keys(CREDENTIALS).map((credentials) => ({ origin, host, credentials, method, path, body }))),
      ),
    ),
  ).filter(isWorthAsking);
}

/** Every kind of allowed origin and of Host is tried on everything else, but each with the agent's own credentials only. */
function isWorthAsking({ origin, host, credentials }: Row): boolean {
  const isUsual = host === 'address' && (origin === 'desktop' || !ORIGINS[origin].isAllowed);
  return isUsual || (credentials === 'own' && (host === 'address' || origin === 'desktop' || origin === 'foreign'));
}

function keys<T extends object>(table: T): Name<T>[] {
  return Object.keys(table) as Name<T>[];
}

describe.each(['http', 'https'] as const)('the contract over %s', (scheme) => {
  let api: ApiUnderTest;
  let base: string;
  let cookie: string;
  const agent = scheme === 'http' ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true });

  beforeAll(async () => {
    const tls = new FakeTlsSource(await issueLoopbackCertificate());
    api = await startApi({
      settings: { http: { enabled: scheme === 'http', port: 0 }, https: { enabled: scheme === 'https', port: 0 } },
      tls,
    });
    base = api.base;
    expect(base).toMatch(`${scheme}://127.0.0.1:`);
  });
  afterAll(async () => {
    agent.destroy();
    await api.stop();
  });

  async function signIn(): Promise<void> {
    const answer = await sendRequest(base, {
      path: '/api/v2/me',
      headers: { Origin: DESKTOP, Authorization: basic('agent', 'secret') },
      agent,
    });
    expect(answer.status).toBe(200);
    cookie = /SRSSESSIONID=([^;]+)/.exec(answer.headers['set-cookie']?.[0] ?? '')?.[1] ?? '';
  }

  async function ask(row: Row): Promise<TestAnswer> {
    const { text, type } = BODIES[row.body];
    const origin = ORIGINS[row.origin].value;
    const credentials = Object.fromEntries(
      Object.entries(CREDENTIALS[row.credentials].headers).map(([name, value]) => [name, value.replace('<own>', cookie)]),
    );
    return sendRequest(base, {
      method: row.method,
      path: row.path,
      headers: {
        Host: HOSTS[row.host].host(new URL(base).port),
        ...(origin === undefined ? {} : { Origin: origin }),
        ...(type === undefined ? {} : { 'Content-Type': type }),
        ...credentials,
      },
      ...(row.method === 'POST' ? { body: text } : {}),
      agent,
    });
  }

  function check(row: Row, answer: TestAnswer): void {
    const [httpStatus, statusCode] = expected(row);
    const envelope = answer.json as { statusCode?: number; statusMessage?: string } | undefined;
    const hasBody = row.method !== 'HEAD' && answer.text !== '';
    expect([answer.status, hasBody ? envelope?.statusCode : statusCode]).toEqual([httpStatus, statusCode]);
    expect(answer.headers['www-authenticate']).toBeUndefined();
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['allow']).toBe(httpStatus === 405 ? ALLOW[row.path.replace(/\/$/, '')] : undefined);
    if (httpStatus >= 400 && row.method !== 'HEAD') expect(Object.keys(envelope ?? {})).toEqual(['statusCode', 'statusMessage']);
    expect(answer.text).not.toMatch(/secret|guess|node_modules|\.ts|at .*:\d+/);
    checkCors(row, answer, httpStatus);
  }

  function checkCors(row: Row, answer: TestAnswer, httpStatus: number): void {
    const isCorsResource = /^\/(api\/v2\/me\/?|ping|version)$/.test(row.path) && httpStatus !== 421;
    const { value, isAllowed } = ORIGINS[row.origin];
    const names = Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'));
    if (!isCorsResource || !isAllowed) {
      expect(names).toEqual([]);
      return;
    }
    expect(answer.headers['access-control-allow-origin']).toBe(value);
    expect(answer.headers['access-control-allow-credentials']).toBe('true');
    expect(answer.headers['vary']).toBe('Origin');
    if (row.method === 'OPTIONS') expect(answer.headers['access-control-allow-methods']).toBe('GET,POST,OPTIONS');
    else expect(answer.headers['access-control-expose-headers']).toBe('X-CSRF-HEADER,X-CSRF-TOKEN');
  }

  it.each(METHODS)('holds for every %s', async (method) => {
    await signIn();
    for (const row of rows(method)) {
      const before = { logins: api.service.logins.length, logouts: api.service.logouts.length, polls: api.service.polls.length };
      const answer = await ask(row);
      try {
        check(row, answer);
        if (answer.status >= 400 && !(CREDENTIALS[row.credentials].isBasic && answer.status === 401)) {
          expect({ logins: api.service.logins.length, logouts: api.service.logouts.length, polls: api.service.polls.length }).toEqual(
            before,
          );
        }
      } catch (error) {
        throw new Error(`${JSON.stringify(row)}: ${(error as Error).message}`, { cause: error });
      }
      const hasAskedRws = api.service.logins.length > before.logins;
      if (hasAskedRws && answer.status === 401) await api.clock.advance(60_000); // or the limiter would come between
      if (hasAskedRws || api.service.current() === undefined) await signIn();
    }
  });

  it('gives every foreign caller the same answer, whoever is signed in and whatever it sends', async () => {
    const shapes = new Set<string>();
    for (const isSignedIn of [true, false]) {
      if (isSignedIn) await signIn();
      else api.service.endSession();
      for (const method of ['GET', 'POST', 'OPTIONS', 'DELETE'] as const)
        for (const row of rows(method)) {
          if (ORIGINS[row.origin].isAllowed || row.host !== 'address' || !/^\/(api\/v2\/me\/?|ping)$/.test(row.path)) continue;
          const { status, headers, text } = await ask(row);
          const { date: _date, ...rest } = headers;
          shapes.add(JSON.stringify({ status, rest, text }));
        }
    }
    expect([...shapes]).toHaveLength(1);
    expect(api.service.current()).toBeUndefined();
  });
});
