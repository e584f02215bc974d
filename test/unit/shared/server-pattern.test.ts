import fc from 'fast-check';
import { isAppError } from '../../../src/shared/errors';
import { createServerMatcher, serverPatternProblem } from '../../../src/shared/server-pattern';

describe('serverPatternProblem', () => {
  it.each([
    'rws.example.com',
    'rws.example.com:4443',
    'https://rws.example.com',
    'http://rws.example.com:8080/',
    '*.example.com',
    '10.0.0.7',
    '[::1]:443',
  ])('has nothing against %s', (entry) => {
    expect(serverPatternProblem(entry)).toBeUndefined();
  });

  it.each([
    '*',
    '*.',
    '*:443',
    'https://*',
    'https://*.',
    'https://*:443/',
    '',
    'ftp://rws.example.com',
    'a*.example.com',
    '*.*.com',
    'u@rws.example.com',
    'rws.example.com/path',
    'rws.example.com:99999',
    '*.0.0.1',
    'a b',
    'a,b',
  ])('names the entry %j it refuses', (entry) => {
    expect(serverPatternProblem(entry)).toContain(`allowedServers: "${entry}"`);
    expect.assertions(2);
    try {
      createServerMatcher({ allowedServers: [entry], configured: [] });
    } catch (error) {
      expect(isAppError(error, 'configuration')).toBe(true);
    }
  });
});

describe('createServerMatcher', () => {
  const NOTHING = { allowedServers: [], configured: [] };
  const CONFIGURED = { allowedServers: [], configured: ['https://rws.example.com:4443/base'] };
  const LISTED = {
    allowedServers: ['one.example.com', 'two.example.com:4443', 'http://lab.example.com', '*.wild.example.com', '*.port.example.com:8443'],
    configured: ['https://rws.example.com'],
  };

  it.each([
    ['nothing listed or configured: no https server', NOTHING, 'https://anything.example', false],
    ['nothing listed or configured: no http server', NOTHING, 'http://anything.example', false],
    ['nothing listed or configured: no http on loopback', NOTHING, 'http://127.0.0.1:9000', false],
    ['nothing listed or configured: no https on loopback', NOTHING, 'https://[::1]:9000', false],
    ['only a configured one: itself', CONFIGURED, 'https://rws.example.com:4443', true],
    ['only a configured one: another port', CONFIGURED, 'https://rws.example.com', false],
    ['only a configured one: another server', CONFIGURED, 'https://other.example.com', false],
    ['only a configured one: loopback', CONFIGURED, 'http://127.0.0.1', false],
    ['listed: the configured one all the same', LISTED, 'https://rws.example.com/api', true],
    ['listed by host: any port', LISTED, 'https://one.example.com:9443', true],
    ['listed by host: https only', LISTED, 'http://one.example.com', false],
    ['listed with a port: that port', LISTED, 'https://two.example.com:4443', true],
    ['listed with a port: no other', LISTED, 'https://two.example.com', false],
    ['listed with a scheme: that scheme', LISTED, 'http://lab.example.com:81', true],
    ['listed with a scheme: no other', LISTED, 'https://lab.example.com', false],
    ['wildcard: one label', LISTED, 'https://a.wild.example.com', true],
    ['wildcard: more labels', LISTED, 'https://a.b.wild.example.com:8443', true],
    ['wildcard: not the domain itself', LISTED, 'https://wild.example.com', false],
    ['wildcard: not a name that only ends like it', LISTED, 'https://evilwild.example.com', false],
    ['wildcard: not a domain below another', LISTED, 'https://a.wild.example.com.evil.example', false],
    ['wildcard with a port', LISTED, 'https://a.port.example.com:8443', true],
    ['wildcard with a port: no other', LISTED, 'https://a.port.example.com', false],
    ['listed: nothing else', LISTED, 'https://evil.example', false],
    ['listed: no loopback by itself', LISTED, 'http://127.0.0.1:9000', false],
  ])('%s', (_what, rules, server, isAllowed) => {
    expect(createServerMatcher(rules)(new URL(server))).toBe(isAllowed);
  });

  it('allows no host outside the list, whatever the address looks like', () => {
    const matches = createServerMatcher({ allowedServers: ['*.wild.example.com'], configured: [] });
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (text) => {
        const url = new URL(text);
        return matches(url) === (url.protocol === 'https:' && url.hostname.endsWith('.wild.example.com'));
      }),
      { numRuns: 500 },
    );
  });
});
