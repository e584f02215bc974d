import type { Check } from '../check';
import { expect, expectError, expectHeader } from '../expect';

const BODIES: readonly (readonly [id: string, what: string, body: string])[] = [
  ['notJson', 'is no JSON', '[{'],
  ['wrongType', 'has a parameter of a wrong type', '[{"name":"place","value":1}]'],
  ['unknownOperation', 'names an unknown operation', '{"operationName":"StartTheCoffeeMachine"}'],
];

export const errorChecks: readonly Check[] = [
  {
    id: 'error.noCredentials',
    claim: 'a login without Authorization answers 401, 20, without WWW-Authenticate, which would open the browser’s own dialog',
    rule: 'documented',
    async run(caller) {
      const answer = await caller.call({ path: '/api/v2/me' });
      expectError(answer, 401, 20);
      expectHeader(answer, 'www-authenticate', (value) => value === '');
    },
  },
  {
    id: 'error.malformedCredentials',
    claim: 'a login with an Authorization that is no Basic answers 401, 20',
    rule: 'documented',
    run: async (caller) => expectError(await caller.call({ path: '/api/v2/me', headers: { Authorization: 'Basic %%%' } }), 401, 20),
  },
  {
    id: 'error.wrongCredentials',
    claim: 'a login with credentials that the recording server refuses answers 401, 20, without WWW-Authenticate',
    rule: 'documented',
    async run(caller) {
      const answer = await caller.call({ path: '/api/v2/me', headers: caller.stranger });
      expectError(answer, 401, 20);
      expectHeader(answer, 'www-authenticate', (value) => value === '');
    },
  },
  ...BODIES.map(([id, what, body]): Check => ({
    id: `error.${id}`,
    claim: `a POST /api/v2/me whose body ${what} answers 400, 2`,
    rule: 'ours',
    run: async (caller) => expectError(await caller.postMe(body), 400, 2),
  })),
  {
    id: 'error.tooLarge',
    claim: 'a body of more than 64 KiB answers 413, 2',
    rule: 'ours',
    run: async (caller) => expectError(await caller.postMe(JSON.stringify([{ name: 'place', value: 'x'.repeat(65_536) }])), 413, 2),
  },
  {
    id: 'error.logoutAsForm',
    claim: 'a logout that is not application/json answers 415, 2',
    rule: 'ours',
    run: async (caller) => expectError(await caller.logOut({ 'Content-Type': 'text/plain' }), 415, 2),
  },
  {
    id: 'error.method',
    claim: 'another method answers 405, 2, and names in Allow what there is',
    rule: 'ours',
    async run(caller) {
      const answer = await caller.call({ method: 'DELETE', path: '/ping', headers: caller.own });
      expectError(answer, 405, 2);
      expectHeader(answer, 'allow', (value) => value.includes('GET'));
    },
  },
  {
    id: 'error.path',
    claim: 'another path answers 404, 6',
    rule: 'ours',
    run: async (caller) => expectError(await caller.call({ path: '/elsewhere' }), 404, 6),
  },
  {
    id: 'error.discreet',
    claim: 'no error tells of the program’s inside: no stack, no path of a file, no password',
    rule: 'ours',
    async run(caller) {
      for (const body of BODIES.map(([, , text]) => text)) {
        const { text } = await caller.postMe(body);
        const isTelling =
          /\bat \S+ \(|node_modules|[A-Z]:\\|\/(home|usr|Users)\//.test(text) || text.includes(caller.options.password.reveal());
        expect(!isTelling, `It answered ${text.slice(0, 200)}`);
      }
    },
  },
];
