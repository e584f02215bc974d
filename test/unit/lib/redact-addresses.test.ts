import { redactAddresses } from '../../../src/lib/redact-addresses';
import { redactFields } from '../../../src/lib/redact';

const SCHEMES = ['http://', 'https://', 'HTTP://', 'socks5://', 'ftp://', 'wss://', 'http:/', 'http:\\\\', 'http:///', ''];
const PASSWORDS = [
  'Qzwqxk2026',
  'Qzwqxk@2026!',
  'a@b@c@d',
  '@Qzwqxk',
  'Qzwqxk@',
  'Qzw/qxk@2026',
  'Qzw?qxk@2026',
  'Qzw#qxk@2026',
  '12/34@2026Qzwqxk',
  '12?Qzwqxk@2026',
  'Qzw:qxk@20:26',
  'Qzw%40qxk%2F',
  'Qzïqxk@2026',
  "Qzw'qxk",
  'Qzw"qxk',
  'Qzw<qxk>',
  'Qzw\\qxk@2026',
  'Qzw(qxk)[2026]',
  'Qzw`qxk',
  '7391',
];
/** With a space an address has an end of its own only where it is the whole value, or where a scheme begins it. */
const SPACED = ['Qzw qxk@2026', '12 Qzwqxk', 'Qzw\tqxk'];

const PLACES: Readonly<Record<string, (address: string) => string>> = {
  alone: (address) => address,
  'in a sentence': (address) => `The proxy ${address} refused the connection.`,
  'in quotes': (address) => `proxy "${address}" cannot be used`,
  'behind a name': (address) => `HTTPS_PROXY=${address}`,
  'in brackets': (address) => `no way (${address}) there`,
  'before another address': (address) => `${address} instead of https://rws.example.com/api`,
  'in the second line': (address) => `Error: connect\n    at ${address}\n    at file.js:1:2`,
};

/** Parts long enough to be no accident. */
const partsOf = (password: string): string[] => password.split(/[^\p{L}\p{N}%]+/u).filter((part) => part.length > 2);

describe('redactAddresses', () => {
  const withScheme = SCHEMES.filter((scheme) => scheme !== '');
  const rows = [
    ...SCHEMES.flatMap((scheme) =>
      PASSWORDS.filter((password) => scheme !== '' || !/["'\\/]/.test(password)).map((password) => [scheme, password]),
    ),
    ...withScheme.flatMap((scheme) => SPACED.map((password) => [scheme, password])),
  ] as [string, string][];

  it.each(rows)('%s with the password %j leaves nothing of it, wherever it stands', (scheme, password) => {
    for (const [place, put] of Object.entries(PLACES)) {
      for (const host of ['proxy', 'proxy.example.com:8080', '[::1]:3128/path?query=1#x']) {
        const text = put(`${scheme}agent7:${password}@${host}`);
        const fields = JSON.stringify(redactFields({ text, error: new Error(text), list: [text] }));
        const said = `${redactAddresses(text)}\n${fields}`;
        for (const part of ['agent7', ...partsOf(password)]) expect([place, part, said.includes(part)]).toEqual([place, part, false]);
        expect(said).toContain(host.slice(0, 5));
        if (scheme !== '' && host.endsWith('#x')) expect(said).not.toContain('query');
      }
    }
  });

  it.each([
    ['https://rws.example.com:4443/api/v2/me?x=1', 'https://rws.example.com:4443/api/v2/me'],
    ['https://rws.example.com/a#token=1 and more', 'https://rws.example.com/a and more'],
    ['"https://a.example/x?y=1" and https://b.example/z?y=2', '"https://a.example/x" and https://b.example/z'],
    ['https://a.example/agents/anna@example.com/status', 'https://a.example/agents/anna@example.com/status'],
    ['https://agent@a.example/x', 'https://[redacted]@a.example/x'],
    ['https://one.example(https://two.example)', 'https://one.example(https://two.example)'],
    ['http://[::1]:8080/ping', 'http://[::1]:8080/ping'],
    ['file:///opt/app/node_modules/@scope/x.js:10:5', 'file:///opt/app/node_modules/@scope/x.js:10:5'],
    ['at f (/opt/app/node_modules/@scope/x.js:10:5)', 'at f (/opt/app/node_modules/@scope/x.js:10:5)'],
    ['C:\\Users\\Public\\x@y.txt', 'C:\\Users\\Public\\x@y.txt'],
    ['sip:anna@example.com, mailto:ben@example.com', 'sip:anna@example.com, mailto:ben@example.com'],
    ['anna@example.com signed in at 12:30', 'anna@example.com signed in at 12:30'],
    ['a ratio of 3:4, and nothing else', 'a ratio of 3:4, and nothing else'],
    ['', ''],
  ])('%j is shown as %j', (text, shown) => {
    expect(redactAddresses(text)).toBe(shown);
  });
});
