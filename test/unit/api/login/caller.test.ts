import { givenCredentials } from '../../../../src/api/login/caller';
import { ApiError } from '../../../../src/api/errors';

const COOKIE = 'a=b; SRSSESSIONID=value';
const GOOD_BASIC = `Basic ${Buffer.from('ann:secret').toString('base64')}`;

/** @returns how the caller is to be proven */
function typeOf(headers: { authorization?: string; cookie?: string }): string {
  try {
    return givenCredentials({ headers }).type;
  } catch (error) {
    if (error instanceof ApiError) return String(error.httpStatus);
    throw error;
  }
}

describe('what a caller shows', () => {
  const others = [
    undefined,
    '',
    'Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln',
    'bearer x',
    'Negotiate YII=',
    'Digest username="ann"',
    'Basically x',
    'x',
  ];

  it.each(others)('is the cookie beside an Authorization of %j, and nothing without it', (authorization) => {
    const header = authorization === undefined ? {} : { authorization };
    expect(typeOf({ ...header, cookie: COOKIE })).toBe('cookie');
    expect(typeOf(header)).toBe('401');
    expect(typeOf({ ...header, cookie: 'SRSSESSION=value' })).toBe('401');
  });

  it.each([GOOD_BASIC, GOOD_BASIC.replace('Basic', 'bAsIc')])('is Basic in %j, beside a cookie too', (authorization) => {
    expect(typeOf({ authorization })).toBe('basic');
    expect(typeOf({ authorization, cookie: COOKIE })).toBe('basic');
  });

  it.each(['Basic', 'Basic ', 'Basic ???', 'basic YW5u'])('is nothing in %j, whatever the cookie', (authorization) => {
    expect(typeOf({ authorization })).toBe('401');
    expect(typeOf({ authorization, cookie: COOKIE })).toBe('401');
  });
});
