import fc from 'fast-check';
import { createOriginMatcher, originPatternProblem } from '../../../src/shared/origin-pattern';
import { isAppError } from '../../../src/shared/errors';

describe('originPatternProblem', () => {
  it.each([
    'https://desktop.example.com',
    'https://desktop.example.com/',
    'https://desktop.example.com:443',
    'HTTPS://Desktop.Example.COM',
    'http://intranet',
    'http://127.0.0.1:3000',
    'http://[::1]:3000',
    'https://*.example.com',
    'https://*.example.com:8443',
    'https://bücher.example',
    'chrome-extension://abcdefghijklmnop',
  ])('has nothing against %s', (entry) => {
    expect(originPatternProblem(entry)).toBeUndefined();
  });

  it.each([
    '*',
    'https://*',
    'https://*.',
    'https://*:8443',
    'null',
    'NULL',
    '',
    'desktop.example.com',
    '*.example.com',
    'https://desktop.example.com/path',
    'https://desktop.example.com?x',
    'https://user@desktop.example.com',
    'https://desk*.example.com',
    'https://*.*.example.com',
    'https://www.*.example.com',
    'https://*example.com',
    'https://a.example.com,https://b.example.com',
    'https://a.example.com https://b.example.com',
    'https://desktop.example.com:99999',
    'https://*.0.0.1',
    'https://*.[::1]',
    'file:///srv/page.html',
    'data://x',
    'https://',
  ])('names the entry %j it refuses', (entry) => {
    expect(originPatternProblem(entry)).toContain(`allowedOrigins: "${entry}"`);
    expect.assertions(2);
    try {
      createOriginMatcher([entry]);
    } catch (error) {
      expect(isAppError(error, 'configuration')).toBe(true);
    }
  });
});

describe('createOriginMatcher', () => {
  const isAllowed = createOriginMatcher(
    [
      'https://desktop.example.com',
      'https://*.apps.example.com',
      'http://*.lab.example:8080',
      'http://intranet',
      'https://Caps.Example.com:443',
    ],
    ['https://rws.example.com:4443/base', 'http://127.0.0.1:9000'],
  );

  it.each([
    'https://desktop.example.com',
    'https://a.apps.example.com',
    'https://a.b-c.d_e.apps.example.com',
    'http://x.lab.example:8080',
    'http://intranet',
    'https://caps.example.com',
    'https://rws.example.com:4443',
    'http://127.0.0.1:9000',
  ])('lets %s in', (origin) => {
    expect(isAllowed(origin)).toBe(true);
  });

  it.each([
    '',
    'null',
    '*',
    'https://evil.example',
    'http://desktop.example.com',
    'https://desktop.example.com:8443',
    'https://desktop.example.com:443',
    'https://desktop.example.com/',
    'https://DESKTOP.example.com',
    'https://desktop.example.com.',
    'https://desktop.example.com.evil.example',
    'https://evildesktop.example.com',
    'https://desktop.example.com@evil.example',
    'https://desktop.example.com, https://desktop.example.com',
    'https://apps.example.com',
    'https://.apps.example.com',
    'https://a..apps.example.com',
    'https://evilapps.example.com',
    'https://evil.example/.apps.example.com',
    'https://evil.example:1.apps.example.com',
    'https://evil.example#.apps.example.com',
    'https://x@y.apps.example.com',
    'https://a.apps.example.com:8443',
    'http://a.apps.example.com',
    'http://x.lab.example',
    'http://x.lab.example:80801',
    'https://rws.example.com',
    'http://rws.example.com:4443',
    ' https://desktop.example.com',
  ])('keeps %j out', (origin) => {
    expect(isAllowed(origin)).toBe(false);
  });

  it('accepts a name below a wildcard exactly when only whole labels precede the domain', () => {
    const label = fc.stringMatching(/^[a-z0-9_-]{1,8}$/);
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 4 }), (labels) => isAllowed(`https://${labels.join('.')}.apps.example.com`)),
    );
  });

  it('never lets in an origin whose host does not end in an allowed name', () => {
    const allowedEnd = /(^|\.)(desktop|apps|caps|rws)\.example\.com(:4443)?$|\.lab\.example:8080$|^intranet$|^127\.0\.0\.1:9000$/;
    fc.assert(
      fc.property(
        fc.constantFrom('https://', 'http://', 'ftp://', ''),
        fc.string(),
        fc.constantFrom('.apps.example.com', '.lab.example:8080', ''),
        (a, b, c) => {
          const origin = a + b + c;
          if (!isAllowed(origin)) return true;
          return URL.canParse(origin) && new URL(origin).origin === origin && allowedEnd.test(new URL(origin).host);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
