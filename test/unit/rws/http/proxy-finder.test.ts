import { ProxyFinder } from '../../../../src/rws/http/proxy-finder';
import { readProxyList } from '../../../../src/rws/http/proxy-list';
import { FakeClock } from '../../../fakes/fake-clock';

const SERVER = 'https://rws.example';
const PROXY = 'http://proxy.example:3128';

describe('the answer of a proxy script', () => {
  it.each([
    ['DIRECT', undefined],
    ['PROXY proxy.example:3128', PROXY],
    ['proxy proxy.example:3128;DIRECT', PROXY],
    ['HTTP proxy.example:3128', PROXY],
    ['HTTPS proxy.example:443', 'https://proxy.example'],
    ['PROXY [::1]:3128', 'http://[::1]:3128'],
    ['SOCKS5 socks.example:1080; PROXY proxy.example:3128', PROXY],
    ['SOCKS5 socks.example:1080; DIRECT', undefined],
    ['PROXY ; DIRECT', undefined],
  ])('%s is %s', (list, proxy) => {
    expect(readProxyList(list)).toEqual(proxy === undefined ? {} : { proxy });
  });

  it.each(['SOCKS5 socks.example:1080', 'SOCKS socks.example:1080; SOCKS4 b:1', 'PROXY', ''])('%j admits no way, and says so', (list) => {
    expect(readProxyList(list)).toEqual({ isUnusable: true, fault: expect.stringContaining(`“${list}”`) as string });
  });
});

describe('the proxy of the system', () => {
  let clock: FakeClock;
  let asked: string[];

  beforeEach(() => {
    clock = new FakeClock();
    asked = [];
  });

  type Answer = () => Promise<string>;

  function finder(answer: Answer, given: { readonly configured?: string; readonly environment?: NodeJS.ProcessEnv } = {}): ProxyFinder {
    const system = {
      resolve: (url: string) => {
        asked.push(url);
        return answer();
      },
    };
    return new ProxyFinder({ environment: {}, ...given, system, timers: clock, steady: () => clock.steady() });
  }

  const says: Answer = () => Promise.resolve('PROXY proxy.example:3128');

  it('is asked for the server, without its path', async () => {
    await expect(finder(says).find(`${SERVER}/base`)).resolves.toEqual({ source: 'system', proxy: PROXY });
    expect(asked).toEqual([SERVER]);
  });

  it.each<[string, string, { configured?: string; environment?: NodeJS.ProcessEnv }, string]>([
    ['rws.proxy is set', SERVER, { configured: PROXY }, 'rws.proxy'],
    ['the environment names one', SERVER, { environment: { HTTPS_PROXY: PROXY } }, 'environment'],
    ['NO_PROXY names the server', SERVER, { environment: { NO_PROXY: 'rws.example' } }, 'environment'],
    ['the server is this computer', 'http://127.0.0.1:8090', {}, 'environment'],
  ])('is not asked where %s', async (_why, server, given, source) => {
    await expect(finder(says, given).find(server)).resolves.toMatchObject({ source });
    expect(asked).toEqual([]);
  });

  it('is asked once for callers at the same time, and again after half a minute', async () => {
    const found = finder(says);
    await Promise.all([found.find(SERVER), found.find(SERVER)]);
    await clock.advance(29_000);
    await found.find(SERVER);
    expect(asked).toHaveLength(1);
    await found.find('https://other.example');
    await clock.advance(1000);
    await found.find(SERVER);
    expect(asked).toEqual([SERVER, 'https://other.example', SERVER]);
  });

  it.each<[string, Answer, RegExp]>([
    ['fails', () => Promise.reject(new Error('no such script')), /no such script.*direct way/],
    ['hangs', () => new Promise<string>(() => undefined), /no answer within 5 s.*direct way/],
  ])('that %s leaves the direct way, and says so', async (_what, answer, fault) => {
    const found = finder(answer).find(SERVER);
    await clock.advance(5000);
    await expect(found).resolves.toEqual({ source: 'system', fault: expect.stringMatching(fault) as string });
  });
});
