import { SessionCookies } from '../../../../src/rws/http/session-cookies';

const URL = 'https://rws.example.com/api/v2/me';
const SERVER_NOW = Date.UTC(2031, 0, 1, 12);
const at = (ms: number): string => new Date(SERVER_NOW + ms).toUTCString();
const MINUTE = 60_000;
const DAY = 86_400_000;

/** @returns the Cookie header after an answer that sets `cookie`, on a computer whose clock differs by `skewMs` */
async function after(cookie: string, skewMs: number, date: string | undefined = at(0)): Promise<string> {
  const cookies = new SessionCookies();
  await cookies.note(URL, { 'set-cookie': ['NODE=old; Path=/'], date }, SERVER_NOW + skewMs);
  await cookies.note(URL, { 'set-cookie': [cookie], date }, SERVER_NOW + skewMs);
  return cookies.headerFor(URL);
}

describe('the cookies of a login', () => {
  afterEach(() => void jest.useRealTimers());

  const skews = [0, 10 * MINUTE, -10 * MINUTE, 400 * DAY, -400 * DAY];
  const kept = [`Expires=${at(5 * MINUTE)}`, `Expires=${at(1000)}`, 'Max-Age=300', `Max-Age=300; Expires=${at(-DAY)}`, ''];
  const takenBack = [
    'Expires=Thu, 01 Jan 1970 00:00:00 GMT',
    `Expires=${at(-1000)}`,
    'Max-Age=0',
    'Max-Age=-1',
    `Max-Age=0; Expires=${at(DAY)}`,
  ];

  it.each(skews)('are kept until the server takes them back, with a clock that differs by %d ms', async (skew) => {
    for (const expiry of kept) expect([expiry, await after(`NODE=a; Path=/; ${expiry}`, skew)]).toEqual([expiry, 'NODE=a']);
    for (const expiry of takenBack) expect([expiry, await after(`NODE=; Path=/; ${expiry}`, skew)]).toEqual([expiry, '']);
  });

  it.each(['', 'yesterday'])('are judged with a day of grace when the answer bears the date %j', async (date) => {
    expect(await after(`NODE=a; Path=/; Expires=${at(5 * MINUTE)}`, 10 * MINUTE, date)).toBe('NODE=a');
    expect(await after(`NODE=; Path=/; Expires=${at(-2 * DAY)}`, 10 * MINUTE, date)).toBe('');
  });

  it.each(['Max-Age=300', `Expires=${at(5 * MINUTE)}`])('outlive a clock that is set ahead, with %s', async (expiry) => {
    jest.useFakeTimers({ now: SERVER_NOW, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    const cookies = new SessionCookies();
    await cookies.note(URL, { 'set-cookie': [`NODE=a; Path=/; ${expiry}`], date: at(0) }, SERVER_NOW);
    jest.setSystemTime(SERVER_NOW + DAY);
    expect(await cookies.headerFor(URL)).toBe('NODE=a');
  });

  it('are forgotten when the login is over, and a broken one harms no other', async () => {
    const cookies = new SessionCookies();
    await cookies.note(URL, { 'set-cookie': ['A=1; Path=/', '', '\u0000', 'B=2; Path=/', 'C=3; Domain=other.example.com'] }, SERVER_NOW);
    expect(await cookies.headerFor(URL)).toBe('A=1; B=2');
    cookies.clear();
    expect(await cookies.headerFor(URL)).toBe('');
  });
});
