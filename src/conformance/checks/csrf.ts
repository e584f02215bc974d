import type { Caller } from '../caller';
import type { Check } from '../check';
import { Mismatch } from '../verdict';
import { expect, expectHeader, expectStatus } from '../expect';

const OPT_IN = { 'X-Support-CSRFP': 'True' } as const;

/** A new session that asks for the token. */
async function logInWithToken(caller: Caller): Promise<string> {
  await caller.beSignedOut();
  const token = (await caller.logIn(OPT_IN)).headers['x-csrf-token'];
  if (typeof token !== 'string') throw new Mismatch('The login’s answer has no X-CSRF-TOKEN');
  return token;
}

const refusal = (id: string, what: string, headers: Readonly<Record<string, string>>): Check => ({
  id: `csrf.${id}`,
  claim: `the logout of a session with a CSRF token answers 403 ${what}, and the session goes on`,
  rule: 'documented',
  async run(caller) {
    await logInWithToken(caller);
    const answer = await caller.logOut(headers);
    expectStatus(answer, 403);
    expect(/csrf token/i.test(answer.text), `It answered ${answer.text.slice(0, 160)}`);
    expectStatus(await caller.ping(), 200);
  },
});

export const csrfChecks: readonly Check[] = [
  {
    id: 'csrf.offered',
    claim: 'a login with X-Support-CSRFP: True is answered with X-CSRF-HEADER: X-CSRF-TOKEN and a token',
    rule: 'documented',
    async run(caller) {
      const answer = await caller.logIn(OPT_IN);
      expectHeader(answer, 'x-csrf-header', (value) => value.toLowerCase() === 'x-csrf-token');
      expectHeader(answer, 'x-csrf-token', (value) => value.length >= 16);
    },
  },
  {
    id: 'csrf.notAsked',
    claim: 'a login without X-Support-CSRFP gets no token, and its logout needs none',
    rule: 'documented',
    async run(caller) {
      await caller.beSignedOut();
      expectHeader(await caller.logIn(), 'x-csrf-token', (value) => value === '');
      expectStatus(await caller.logOut(), 200);
    },
  },
  refusal('missing', 'without it', {}),
  refusal('wrong', 'with another one', { 'X-CSRF-Token': '00000000-0000-4000-8000-000000000000' }),
  {
    id: 'csrf.accepted',
    claim: 'the logout with the token answers 200',
    rule: 'documented',
    run: async (caller) => expectStatus(await caller.logOut({ 'X-CSRF-Token': await logInWithToken(caller) }), 200),
  },
];
