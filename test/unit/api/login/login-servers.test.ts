import fc from 'fast-check';
import { ApiError } from '../../../../src/api/errors';
import { resolveServers } from '../../../../src/api/login/login-servers';

describe('resolveServers', () => {
  it.each([
    ['nothing', {}, {}],
    ['a server', { server: 'https://one.example.com' }, { server: 'https://one.example.com' }],
    ['a server with port and slash', { server: 'https://one.example.com:4443/' }, { server: 'https://one.example.com:4443' }],
    ['a server with a base path', { server: 'http://one.example.com/rws//' }, { server: 'http://one.example.com/rws' }],
    ['a server in capitals', { server: 'HTTPS://One.Example.com:443' }, { server: 'https://one.example.com' }],
    ['a peer', { peer_server: 'https://two.example.com' }, { peerServer: 'https://two.example.com' }],
    [
      'both',
      { server: 'https://one.example.com', peer_server: 'https://two.example.com' },
      { server: 'https://one.example.com', peerServer: 'https://two.example.com' },
    ],
    [
      'the list form',
      { server: 'https://one.example.com(https://two.example.com)' },
      { server: 'https://one.example.com', peerServer: 'https://two.example.com' },
    ],
    [
      'the list form and a peer of its own',
      { server: 'https://one.example.com(https://two.example.com)', peer_server: 'https://three.example.com' },
      { server: 'https://one.example.com', peerServer: 'https://three.example.com' },
    ],
    [
      'several pairs',
      { server: 'https://a.example(https://b.example),https://c.example , https://D.example:443/(https://e.example/rws/)' },
      {
        server: 'https://a.example',
        peerServer: 'https://b.example',
        otherPairs: [{ primary: 'https://c.example' }, { primary: 'https://d.example', peer: 'https://e.example/rws' }],
      },
    ],
    [
      'several pairs and a peer of its own, which is the first one’s',
      { server: 'https://a.example,https://c.example(https://d.example)', peer_server: 'https://b.example' },
      {
        server: 'https://a.example',
        peerServer: 'https://b.example',
        otherPairs: [{ primary: 'https://c.example', peer: 'https://d.example' }],
      },
    ],
  ])('resolves %s', (_what, parameters, servers) => {
    expect(resolveServers(parameters)).toEqual(servers);
  });

  it.each([
    ['server', { server: '' }],
    ['server', { server: 'rws.example.com' }],
    ['server', { server: 'ftp://rws.example.com' }],
    ['server', { server: 'file:///etc/passwd' }],
    ['server', { server: 'javascript:alert(1)' }],
    ['server', { server: 'https://' }],
    ['server', { server: 'https://u:p@rws.example.com' }],
    ['server', { server: 'https://rws.example.com?x=1' }],
    ['server', { server: 'https://rws.example.com#x' }],
    ['server', { server: 'https://rws.example.com\\@evil.example' }],
    ['server', { server: 'https://rws .example.com' }],
    ['server', { server: 'https://one.example.com()' }],
    ['server', { server: 'https://one.example.com(two)' }],
    ['server', { server: 'https://one.example.com(https://two.example.com' }],
    ['server', { server: 'https://a.example(https://b.example(https://c.example))' }],
    ['server', { server: 'https://a.example,' }],
    ['server', { server: ',https://a.example' }],
    ['server', { server: 'https://a.example,,https://b.example' }],
    ['server', { server: 'https://a.example,ftp://b.example' }],
    ['server', { server: 'https://a.example,https://u:p@b.example' }],
    ['server', { server: 'https://a.example(https://b.example,https://c.example)' }],
    ['server', { server: 'https://a.example(https://b.example)https://c.example' }],
    ['server', { server: Array(5).fill('https://a.example').join(',') }],
    ['peer_server', { peer_server: 'https://a.example,https://b.example' }],
    ['peer_server', { peer_server: 'two' }],
    ['peer_server', { server: 'https://one.example.com', peer_server: 'https://two.example.com(https://three.example.com)' }],
  ])('names %s when it gets %j', (field, parameters) => {
    expect(() => resolveServers(parameters)).toThrow(`Parameter ${field} is invalid`);
  });

  it('hands on addresses only, without user name, query and fragment', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string().map((text) => `https://${text}`),
        ),
        (server) => {
          try {
            const resolved = resolveServers({ server });
            const others = (resolved.otherPairs ?? []).flatMap(({ primary, peer }) => [primary, peer]);
            return [resolved.server, resolved.peerServer, ...others].every(
              (address) =>
                address === undefined || `${new URL(address).origin}${new URL(address).pathname.replace(/\/+$/, '')}` === address,
            );
          } catch (error) {
            return error instanceof ApiError;
          }
        },
      ),
    );
  });
});
