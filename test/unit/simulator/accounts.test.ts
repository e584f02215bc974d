import { Accounts } from '../../../src/simulator/accounts';

const accounts = new Accounts([
  { userName: 'ann', password: 'a:b' },
  { userName: 'zoë', password: 'pä55' },
  { userName: 'jürgen', password: 'pä55', isLatin1: true },
]);
const basic = (text: string, encoding: 'utf8' | 'latin1' = 'utf8'): string => `Basic ${Buffer.from(text, encoding).toString('base64')}`;

it.each([
  ['a password with a colon', basic('ann:a:b'), 'ann'],
  ['a wrong password', basic('ann:a'), undefined],
  ['UTF-8 for an account that has it', basic('zoë:pä55'), 'zoë'],
  ['Latin-1 for an account that has UTF-8', basic('zoë:pä55', 'latin1'), undefined],
  ['Latin-1 for an account that has it', basic('jürgen:pä55', 'latin1'), 'jürgen'],
  ['UTF-8 for an account that has Latin-1', basic('jürgen:pä55'), undefined],
  ['another scheme', 'Bearer abc', undefined],
  ['nothing', undefined, undefined],
])('%s', (_name, authorization, userName) => {
  expect(accounts.authenticate(authorization)?.userName).toBe(userName);
});

it('knows who a request claims to be, right password or not', () => {
  expect([basic('ann:wrong'), basic('jürgen:pä55', 'latin1'), basic('eve:x')].map((text) => accounts.claimedUserName(text))).toEqual([
    'ann',
    'jürgen',
    undefined,
  ]);
});
