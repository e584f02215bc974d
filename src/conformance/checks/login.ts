import type { Answer, Caller } from '../caller';
import type { Check } from '../check';
import { expect, expectError, expectHeader, expectStatus, jsonOf } from '../expect';

const SHAPES: readonly (readonly [id: string, what: string, rule: Check['rule'], body: string])[] = [
  ['empty', 'without a body', 'documented', ''],
  [
    'configuration',
    'with place and devices',
    'documented',
    '[{"name":"place","value":"Conformance"},{"name":"devices","value":[{"dn":"1","switch":"S"}]}]',
  ],
  ['unknownParameter', 'with a parameter nobody knows, which is ignored', 'documented', '[{"name":"colour","value":"blue"}]'],
  [
    'leftOut',
    'with parameters that are empty or null, which count as not sent',
    'ours',
    '[{"name":"place","value":""},{"name":"server","value":null}]',
  ],
];

function expectUser({ options }: Caller, answer: Answer): void {
  expectStatus(answer, 200);
  const { statusCode, user } = jsonOf(answer) as { statusCode?: unknown; user?: { userName?: unknown } };
  expect(statusCode === 0, `statusCode is ${JSON.stringify(statusCode)}`);
  const name = user?.userName;
  expect(typeof name === 'string' && name.toLowerCase() === options.userName.toLowerCase(), `user.userName is ${JSON.stringify(name)}`);
}

/** The cookie of a login's answer, as a request carries it. */
export function cookieOf({ headers }: Answer): string {
  return (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
}

export const loginChecks: readonly Check[] = [
  {
    id: 'login.get',
    claim: 'GET /api/v2/me with Basic logs in: 200, statusCode 0 and user.userName',
    rule: 'documented',
    run: async (caller) => expectUser(caller, await caller.call({ path: '/api/v2/me', headers: caller.own })),
  },
  {
    id: 'login.trailingSlash',
    claim: 'GET /api/v2/me/ is the same',
    rule: 'documented',
    run: async (caller) => expectUser(caller, await caller.call({ path: '/api/v2/me/', headers: caller.own })),
  },
  ...SHAPES.map(([id, what, rule, body]): Check => ({
    id: `login.${id}`,
    claim: `POST /api/v2/me ${what} logs in`,
    rule,
    run: async (caller) => expectUser(caller, await caller.postMe(body)),
  })),
  {
    id: 'login.cookie',
    claim: 'a login sets a cookie that scripts cannot read (HttpOnly)',
    rule: 'documented',
    async run(caller) {
      const cookies = (await caller.logIn()).headers['set-cookie'] ?? [];
      expect(
        cookies.some((cookie) => /;\s*httponly/i.test(cookie)),
        `Set-Cookie is ${JSON.stringify(cookies.map((cookie) => cookie.replace(/=[^;]*/, '=…')))}`,
      );
    },
  },
  {
    id: 'login.uncached',
    claim: 'no answer may be cached',
    rule: 'ours',
    run: async (caller) => expectHeader(await caller.logIn(), 'cache-control', (value) => value.includes('no-store')),
  },
  {
    id: 'login.keepsSession',
    claim: 'a login with credentials that are refused leaves the session of the agent untouched',
    rule: 'documented',
    async run(caller) {
      await caller.logIn();
      expectError(await caller.call({ path: '/api/v2/me', headers: caller.stranger }), 401, 20);
      expectStatus(await caller.ping(), 200);
    },
  },
];
