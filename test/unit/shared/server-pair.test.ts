import fc from 'fast-check';
import { canonicalPair, canonicalServer, describePair, isSamePair, isWithin } from '../../../src/shared/server-pair';

describe('a server’s address', () => {
  it.each([
    ['HTTPS://RWS.Example.COM', 'https://rws.example.com'],
    ['https://rws.example.com:443/', 'https://rws.example.com'],
    ['http://rws.example.com:80//', 'http://rws.example.com'],
    ['https://rws.example.com:8443/base/', 'https://rws.example.com:8443/base'],
    ['https://user:word@rws.example.com/?q#f', 'https://rws.example.com'],
    ['https://b\u00fccher.example', 'https://xn--bcher-kva.example'],
    ['http://127.1:9000', 'http://127.0.0.1:9000'],
    ['http://[::0:1]:9000/', 'http://[::1]:9000'],
    ['https://rws.example.com/a/../b', 'https://rws.example.com/b'],
  ])('%s is %s', (address, canonical) => {
    expect(canonicalServer(address)).toBe(canonical);
  });

  it.each([
    ['http://rws.example.com', 'https://rws.example.com'],
    ['https://rws.example.com', 'https://rws.example.com:8443'],
    ['https://rws.example.com/one', 'https://rws.example.com/two'],
    ['https://rws.example.com/One', 'https://rws.example.com/one'],
  ])('%s is not %s', (one, other) => {
    expect(canonicalServer(one)).not.toBe(canonicalServer(other));
  });

  it('is the same after a second time', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => canonicalServer(canonicalServer(url)) === canonicalServer(url)),
    );
  });
});

describe('a pair of servers', () => {
  const A = 'https://a.example';
  const B = 'https://b.example';
  const C = 'https://c.example';
  const pair = (primary: string, peer?: string) => canonicalPair({ primary, peer });

  it('has no peer that is its primary', () => {
    expect(pair(A, 'https://A.example:443/')).toEqual({ primary: A });
  });

  it.each([
    [pair(A, B), pair(A, B), true],
    [pair(A, B), pair(B, A), true],
    [pair(A), pair(A), true],
    [pair(A), pair(A, B), false],
    [pair(A, B), pair(C, B), false],
    [pair(A), pair(B), false],
  ])('%j is %j: %s', (one, other, isSame) => {
    expect(isSamePair(one, other)).toBe(isSame);
    expect(isSamePair(other, one)).toBe(isSame);
  });

  it('may be within another', () => {
    expect(isWithin(pair(B), pair(A, B))).toBe(true);
    expect(isWithin(pair(A, B), pair(B))).toBe(false);
  });

  it('is described by its hosts', () => {
    expect(describePair(pair(A, 'http://b.example:8080'))).toBe('a.example or b.example:8080');
  });
});
