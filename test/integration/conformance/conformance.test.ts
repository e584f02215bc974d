import type { CheckResult } from '../../../src/conformance/check';
import { runConformance } from '../../../src/conformance/run-conformance';
import { Secret } from '../../../src/lib/secret';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { startWrongServer, type Exchange, type Fault } from '../../support/wrong-server';

let api: ApiUnderTest;

beforeEach(async () => {
  api = await startApi();
});

afterEach(() => api.stop());

function run(url: string | URL, password = 'secret'): Promise<readonly CheckResult[]> {
  return runConformance({ url: new URL(url), origin: DESKTOP, userName: 'agent', password: new Secret(password) });
}

const notHolding = (results: readonly CheckResult[]): string[] =>
  results.filter(({ outcome }) => outcome !== 'holds').map(({ id, outcome, found }) => `${outcome} ${id}: ${found}`);

it('everything holds for our own server, and the agent is signed out afterwards', async () => {
  const results = await run(api.base);
  expect(notHolding(results)).toEqual([]);
  expect(results.length).toBeGreaterThan(40);
  expect(new Set(results.map(({ id }) => id)).size).toBe(results.length);
  expect(api.service.current()).toBeUndefined();
});

const isLogout = ({ requestBody }: Exchange): boolean => requestBody.includes('EndContactCenterSession');
const without =
  (...names: string[]) =>
  (exchange: Exchange): void =>
    names.forEach((name) => delete exchange.headers[name]);

const REFUSED = ['/api/v2/me', '/ping'].flatMap((path) =>
  ['https://not-allowed.invalid', 'null', 'none'].map((origin) => `cors.refused ${path} ${origin}`),
);

/** What is wrong, and every check that must say so. */
const FAULTS: readonly (readonly [what: string, fault: Fault, ids: readonly string[]])[] = [
  [
    'OPTIONS is 204',
    { after: (it) => void (it.method === 'OPTIONS' && it.status === 200 && (it.status = 204)) },
    ['cors.preflight /api/v2/me', 'cors.preflight /ping', 'cors.preflight /version'],
  ],
  [
    '401 opens the browser’s dialog',
    { after: (it) => void (it.status === 401 && (it.headers['www-authenticate'] = 'Basic')) },
    ['error.noCredentials', 'error.wrongCredentials'],
  ],
  [
    'every origin is let in',
    { after: (it) => void (it.headers['access-control-allow-origin'] = '*') },
    ['cors.preflight /api/v2/me', 'cors.preflight /ping', 'cors.preflight /version', 'cors.answer', 'cors.foreignPreflight', ...REFUSED],
  ],
  [
    'a missing Origin does not matter',
    { before: ({ headers }) => void (headers.origin ??= DESKTOP) },
    ['cors.refused /api/v2/me none', 'cors.refused /ping none'],
  ],
  ['Host does not matter', { before: ({ headers }) => void (headers.host = new URL(api.base).host) }, ['host.rebound']],
  ['pages cannot read the CSRF headers', { after: without('access-control-expose-headers') }, ['cors.answer']],
  [
    'the version is no version',
    { after: (it) => void (it.path === '/version' && it.method === 'GET' && (it.body = '{"version":"latest"}')) },
    ['version.answer'],
  ],
  [
    'an unknown user gets 403',
    { after: (it) => void (it.path === '/ping' && it.status === 401 && (it.status = 403)) },
    ['ping.stranger', 'ping.signedOut', 'logout.basic', 'logout.cookie'],
  ],
  [
    'a poll never ends',
    {
      after: (it) =>
        void (it.path === '/ping' && it.method === 'GET' && it.status === 401 && ((it.status = 200), (it.body = '{"statusCode":0}'))),
    },
    ['ping.stranger', 'ping.signedOut', 'logout.basic', 'logout.cookie'],
  ],
  [
    'the cookie can be read by scripts',
    {
      after: (it) =>
        void (it.headers['set-cookie'] = (it.headers['set-cookie'] as string[] | undefined)?.map((cookie) =>
          cookie.replace(/; HttpOnly/i, ''),
        )),
    },
    ['login.cookie'],
  ],
  [
    'the CSRF token is not looked at',
    { after: (it) => void (isLogout(it) && it.status === 403 && ((it.status = 200), (it.body = '{"statusCode":0}'))) },
    ['csrf.missing', 'csrf.wrong'],
  ],
  ['an error is a page', { after: (it) => void (it.status === 404 && (it.body = '<h1>Not Found</h1>')) }, ['error.path']],
  [
    'an error shows a stack',
    {
      after: (it) =>
        void (
          it.status === 400 &&
          (it.body = JSON.stringify({ ...(JSON.parse(it.body) as object), stack: 'Error\n at parse (/home/ann/app.js:1:1)' }))
        ),
    },
    ['error.discreet'],
  ],
  ['statusCode is text', { after: (it) => void (it.status === 405 && (it.body = it.body.replace('2', '"2"'))) }, ['error.method']],
  [
    'the user is somebody else',
    { after: (it) => void (it.body = it.body.replace('"userName":"agent"', '"userName":"other"')) },
    ['login.get', 'login.trailingSlash', 'login.empty', 'login.configuration', 'login.unknownParameter', 'login.leftOut'],
  ],
];

it.each(FAULTS)('%s: told by the checks that are about it, and by no other', async (_what, fault, ids) => {
  const wrong = await startWrongServer(api.base, fault);
  try {
    const results = await run(wrong.url);
    expect(notHolding(results).map((line) => line.replace(/^fails (.*?): .*$/s, '$1'))).toEqual(ids);
  } finally {
    await wrong.stop();
  }
});

it('a password that is wrong is sent once, leaves undecided what needs a session, and fails nothing that does not', async () => {
  const results = await run(api.base, 'not-the-password');
  expect(results.find(({ id }) => id === 'ping.signedIn')).toMatchObject({ outcome: 'undecided', found: expect.stringContaining('401') });
  expect(results.find(({ id }) => id === 'version.answer')).toMatchObject({ outcome: 'holds' });
  expect(notHolding(results).filter((line) => line.startsWith('fails'))).toEqual([]);
  expect(api.service.logins.filter(({ credentials }) => credentials.userName === 'agent')).toHaveLength(1);
});

it('a server that is not there fails everything, and ends', async () => {
  await api.stop();
  const results = await run(api.base);
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['fails']));
  expect(results[0]?.found).toMatch(/ECONNREFUSED/);
});
