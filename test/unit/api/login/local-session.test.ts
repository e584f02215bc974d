import { LocalSessionStore } from '../../../../src/api/login/local-session';

describe('LocalSessionStore', () => {
  it('accepts the cookie of the last login among others of the same name', () => {
    const store = new LocalSessionStore();
    const { cookie } = store.open('s1', { withCsrf: false });
    expect(store.acceptsCookie('s1', `a=b; SRSSESSIONID=of-another-program; SRSSESSIONID=${cookie}; c=d`)).toBe(true);
  });

  it.each([
    ['no cookie', (): string | undefined => undefined],
    ['an empty one', (): string => 'SRSSESSIONID='],
    ['a guess', (): string => 'SRSSESSIONID=guess'],
    ['the value under another name', (cookie: string): string => `XSRSSESSIONID=${cookie}`],
    ['a longer value', (cookie: string): string => `SRSSESSIONID=${cookie}x`],
    ['a shorter value', (cookie: string): string => `SRSSESSIONID=${cookie.slice(1)}`],
  ])('refuses %s', (_what, header) => {
    const store = new LocalSessionStore();
    const { cookie } = store.open('s1', { withCsrf: false });
    expect(store.acceptsCookie('s1', header(cookie))).toBe(false);
  });

  it('voids the cookie and the token before when a login opens a new one', () => {
    const store = new LocalSessionStore();
    const first = store.open('s1', { withCsrf: true });
    const second = store.open('s1', { withCsrf: true });
    expect(store.acceptsCookie('s1', `SRSSESSIONID=${first.cookie}`)).toBe(false);
    expect(store.acceptsCsrfToken('s1', first.csrfToken)).toBe(false);
    expect(store.acceptsCookie('s1', `SRSSESSIONID=${second.cookie}`)).toBe(true);
    expect(store.acceptsCsrfToken('s1', second.csrfToken)).toBe(true);
  });

  it('voids both when the session of the service is another one or gone', () => {
    const store = new LocalSessionStore();
    const { cookie } = store.open('s1', { withCsrf: true });
    expect(store.acceptsCookie('s2', `SRSSESSIONID=${cookie}`)).toBe(false);
    store.close('s2');
    expect(store.acceptsCookie('s1', `SRSSESSIONID=${cookie}`)).toBe(true);
    store.close('s1');
    expect(store.acceptsCookie('s1', `SRSSESSIONID=${cookie}`)).toBe(false);
  });

  it('asks for a token only where the login asked for protection', () => {
    const store = new LocalSessionStore();
    expect(store.acceptsCsrfToken('s1', undefined)).toBe(true);
    store.open('s1', { withCsrf: false });
    expect(store.acceptsCsrfToken('s1', undefined)).toBe(true);
    const { csrfToken } = store.open('s1', { withCsrf: true });
    expect([undefined, '', 'x', csrfToken?.toUpperCase()].map((token) => store.acceptsCsrfToken('s1', token))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(store.acceptsCsrfToken('s1', csrfToken)).toBe(true);
  });

  it('makes cookies of at least 128 random bits and tokens that are UUIDs', () => {
    const store = new LocalSessionStore();
    const opened = Array.from({ length: 50 }, () => store.open('s1', { withCsrf: true }));
    expect(new Set(opened.map(({ cookie }) => cookie)).size).toBe(50);
    opened.forEach(({ cookie, csrfToken }) => {
      expect(cookie).toMatch(/^[\w-]{43}$/);
      expect(csrfToken).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    });
  });
});
