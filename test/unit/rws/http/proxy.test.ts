import { findProxy } from '../../../../src/rws/http/proxy';

const PROXY = 'http://proxy.example:3128';

describe('the proxy on the way to RWS', () => {
  it.each([
    ['configured', 'https://rws.example', '', PROXY],
    ['except where NO_PROXY names the host', 'https://rws.example', 'other, rws.example', undefined],
    ['or its domain', 'https://rws.dc1.example', '.dc1.example', undefined],
    ['or its domain with a star', 'https://rws.dc1.example', '*.dc1.example', undefined],
    ['or everything', 'https://rws.example', '*', undefined],
    ['or its port', 'https://rws.example:8443', 'rws.example:8443', undefined],
    ['but not another port', 'https://rws.example', 'rws.example:8443', PROXY],
    ['nor a name that only ends alike', 'https://myrws.example', 'rws.example', PROXY],
  ])('is the %s', (_what, server, noProxy, expected) => {
    expect(findProxy(server, PROXY, { NO_PROXY: noProxy })).toBe(expected);
  });

  it('of the environment is not used for loopback', () => {
    expect(findProxy('http://127.0.0.1:8080', undefined)).toBeUndefined();
    expect(findProxy('http://localhost:8080', undefined)).toBeUndefined();
    expect(findProxy('http://[::1]:8080', undefined)).toBeUndefined();
  });
});
