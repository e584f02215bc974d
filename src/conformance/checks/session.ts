import type { Check } from '../check';
import { expectError, expectStatus } from '../expect';
import { cookieOf } from './login';

const COOKIE_ONLY = { Authorization: null } as const;

export const pollingChecks: readonly Check[] = [
  {
    id: 'ping.signedIn',
    claim: 'GET /ping of the signed-in agent answers 200',
    rule: 'documented',
    async run(caller) {
      await caller.logIn();
      expectStatus(await caller.ping(), 200);
    },
  },
  {
    id: 'ping.cookie',
    claim: 'GET /ping with the cookie of the login, and without Authorization, answers 200',
    rule: 'documented',
    async run(caller) {
      const login = await caller.logIn();
      expectStatus(await caller.ping({ Cookie: cookieOf(login) }), 200);
    },
  },
  {
    id: 'ping.stranger',
    claim: 'GET /ping of anybody else answers 401, 20',
    rule: 'documented',
    async run(caller) {
      await caller.logIn();
      expectError(await caller.ping(caller.stranger), 401, 20);
      expectError(await caller.ping({}), 401, 20);
      expectError(await caller.ping({ Cookie: 'SRSSESSIONID=forged' }), 401, 20);
    },
  },
  {
    id: 'ping.signedOut',
    claim: 'GET /ping without a session answers 401, 20: the desktop logs in again',
    rule: 'documented',
    async run(caller) {
      await caller.beSignedOut();
      expectError(await caller.ping(), 401, 20);
    },
  },
];

export const logoutChecks: readonly Check[] = [
  {
    id: 'logout.basic',
    claim: 'EndContactCenterSession with Basic answers 200, and the next poll 401',
    rule: 'documented',
    async run(caller) {
      await caller.logIn();
      expectStatus(await caller.logOut(), 200);
      expectError(await caller.ping(), 401, 20);
    },
  },
  {
    id: 'logout.cookie',
    claim: 'EndContactCenterSession with the cookie alone answers 200, and makes the cookie void',
    rule: 'documented',
    async run(caller) {
      const Cookie = cookieOf(await caller.logIn());
      expectStatus(await caller.logOut({ ...COOKIE_ONLY, Cookie }), 200);
      expectError(await caller.ping({ Cookie }), 401, 20);
    },
  },
  {
    id: 'logout.stranger',
    claim: 'EndContactCenterSession of anybody else answers 401, 20, and the session goes on',
    rule: 'ours',
    async run(caller) {
      await caller.logIn();
      expectError(await caller.logOut(caller.stranger), 401, 20);
      expectStatus(await caller.ping(), 200);
    },
  },
  {
    id: 'logout.signedOut',
    claim: 'EndContactCenterSession without a session answers 401, 20',
    rule: 'ours',
    async run(caller) {
      await caller.beSignedOut();
      expectError(await caller.logOut(), 401, 20);
    },
  },
];
