import fc from 'fast-check';
import { createServerGate, type NamedServers, type ServerRules } from '../../../src/session/server-gate';
import { canonicalPair, type ServerPair } from '../../../src/shared/server-pair';

const A = 'https://a.example';
const A2 = 'https://a2.example';
const B = 'https://b.example';
const CONFIGURED: ServerRules = {
  server: 'https://A.example:443/',
  peer_server: `${A2}/`,
  allowedServers: ['b.example', '*.shared.example'],
};
const LISTED: ServerRules = { allowedServers: ['a.example', 'b.example'] };
const NOTHING: ServerRules = { allowedServers: [] };
const pair = (primary: string, peer?: string): ServerPair => canonicalPair({ primary, peer });

describe('where a login leads', () => {
  it.each<[string, ServerRules, NamedServers, ServerPair | string]>([
    ['to the configured pair when it names nothing', CONFIGURED, {}, pair(A, A2)],
    ['to the one it names, alone: the configured peer is no peer of that', CONFIGURED, { server: B }, pair(B)],
    ['to the configured pair when it names its primary', CONFIGURED, { server: 'HTTPS://a.EXAMPLE/' }, pair(A, A2)],
    ['to the configured pair from its other end', CONFIGURED, { server: A2 }, pair(A2, A)],
    ['to both that it names', CONFIGURED, { server: B, peerServer: A2 }, pair(B, A2)],
    ['to the configured primary with a peer of its own', CONFIGURED, { peerServer: B }, pair(A, B)],
    ['nowhere when its server is not allowed', CONFIGURED, { server: 'https://evil.example' }, 'serverRefused'],
    ['nowhere when its peer is not allowed', CONFIGURED, { server: A, peerServer: 'https://evil.example' }, 'serverRefused'],
    ['nowhere without TLS where TLS is configured', CONFIGURED, { server: 'http://a.example' }, 'serverRefused'],
    ['to a listed server', LISTED, { server: B }, pair(B)],
    ['nowhere when it has to name a server and does not', LISTED, {}, 'invalidRequest'],
    ['nowhere when nothing is configured: https', NOTHING, { server: A }, 'serverRefused'],
    ['nowhere when nothing is configured: http on this computer', NOTHING, { server: 'http://127.0.0.1:9000' }, 'serverRefused'],
    ['nowhere when nothing is configured: ::1', NOTHING, { server: 'http://[::1]:9000' }, 'serverRefused'],
    ['nowhere when nothing is configured or named', NOTHING, {}, 'invalidRequest'],
  ])('%s', (_what, rules, named, expected) => {
    const find = (): readonly ServerPair[] => createServerGate(rules).pairsFor(named);
    if (typeof expected === 'string') expect(find).toThrow(expect.objectContaining({ code: expected, isExpected: true }));
    else expect(find()).toEqual([expected]);
  });

  it('to every pair that it names, in that order and each once', () => {
    const gate = createServerGate({ ...CONFIGURED, allowedServers: ['*.shared.example', 'b.example'] });
    const [one, two] = [pair('https://1.shared.example', 'https://2.shared.example'), pair(B)];
    const named = {
      server: one.primary,
      peerServer: one.peer ?? '',
      otherPairs: [two, pair(A), pair('https://2.shared.example', one.primary)],
    };
    expect(gate.pairsFor(named)).toEqual([one, two, pair(A, A2)]);
  });

  it('nowhere when one server of one of its pairs is not allowed', () => {
    for (const bad of [pair('https://evil.example'), pair(B, 'https://evil.example')]) {
      expect(() => createServerGate(CONFIGURED).pairsFor({ server: A, otherPairs: [pair(B), bad] })).toThrow(
        expect.objectContaining({ code: 'serverRefused' }),
      );
    }
  });

  it('says what is to be configured where nothing is', () => {
    expect(() => createServerGate(NOTHING).pairsFor({ server: A })).toThrow(/No recording server is configured .*allowedServers/);
    expect(createServerGate(NOTHING).isClosed).toBe(true);
    expect(createServerGate(LISTED).isClosed).toBe(false);
    expect(createServerGate(CONFIGURED).isClosed).toBe(false);
  });

  it('is never outside of what is configured and listed', () => {
    const gate = createServerGate({ server: A, allowedServers: ['*.wild.example'] });
    fc.assert(
      fc.property(fc.webUrl(), fc.webUrl(), (server, peerServer) => {
        const isFine = (address: string): boolean => {
          const { origin, protocol, hostname } = new URL(address);
          return origin === A || (protocol === 'https:' && hostname.endsWith('.wild.example'));
        };
        try {
          gate.pairsFor({ server, peerServer });
          return isFine(server) && isFine(peerServer);
        } catch {
          return !isFine(server) || !isFine(peerServer);
        }
      }),
    );
  });
});

describe('what is left of a stored pair', () => {
  it.each<[string, ServerRules, ServerPair, ServerPair | undefined]>([
    ['all of it', CONFIGURED, pair(A, A2), pair(A, A2)],
    ['its primary', CONFIGURED, pair(A, 'https://gone.example'), pair(A)],
    ['nothing without its primary', CONFIGURED, pair('https://gone.example', A), undefined],
    ['nothing where nothing is configured', NOTHING, pair(A), undefined],
    ['nothing of what is no address', CONFIGURED, { primary: 'a.example' }, undefined],
    ['one spelling', CONFIGURED, { primary: 'https://A.example/', peer: 'https://A2.example:443' }, pair(A, A2)],
  ])('%s', (_what, rules, stored, left) => {
    expect(createServerGate(rules).stillAllowed(stored)).toEqual(left);
  });
});

describe('a login at one server', () => {
  const S = 'https://one.shared.example';
  it.each<[string, ServerRules, ServerPair, string, ServerPair | undefined, boolean]>([
    ['takes what its pair commanded', CONFIGURED, pair(A, A2), A, pair(A, A2), true],
    ['takes it at the peer', CONFIGURED, pair(A, A2), A2, pair(A, A2), true],
    ['takes it with the pair in the other order', CONFIGURED, pair(A2, A), A2, pair(A, A2), true],
    ['takes nothing of another pair', CONFIGURED, pair(B), B, pair(A, A2), false],
    ['takes nothing of another path on the same host', CONFIGURED, pair(`${B}/two`), `${B}/two`, pair(`${B}/one`), false],
    ['takes nothing of a pair that shares a host with its own', CONFIGURED, pair(B, S), S, pair(A, S), false],
    ['takes what was commanded before the peer was configured', CONFIGURED, pair(A, A2), A, pair(A), true],
    ['but not to that peer', CONFIGURED, pair(A, A2), A2, pair(A), false],
    ['takes what was commanded before the peer was taken away', CONFIGURED, pair(A), A, pair(A, A2), true],
    ['takes an older version’s at a configured server', CONFIGURED, pair(A, A2), A2, undefined, true],
    ['takes no older version’s at one that is only listed', CONFIGURED, pair(B), B, undefined, false],
    ['takes no older version’s where none is configured', LISTED, pair(A), A, undefined, false],
    ['takes nothing at a server that is not allowed', NOTHING, pair(A), A, pair(A), false],
  ])('%s', (_what, rules, servers, server, recordedFor, isTaken) => {
    expect(createServerGate(rules).mayTake({ servers, server }, recordedFor)).toBe(isTaken);
  });
});

describe('what belongs to a recording is retired', () => {
  it.each<[string, ServerRules, ServerPair | undefined, boolean]>([
    ['not while its pair is configured', CONFIGURED, pair(A, A2), false],
    ['not while one of the pair is allowed', CONFIGURED, pair('https://gone.example', A2), false],
    ['when nothing of its pair is allowed any more', CONFIGURED, pair('https://gone.example', 'https://gone2.example'), true],
    ['when nothing is configured', NOTHING, pair(A), true],
    ['not of an older version while a server is configured', CONFIGURED, undefined, false],
    ['of an older version where servers are only listed', LISTED, undefined, true],
  ])('%s', (_what, rules, recordedFor, isRetired) => {
    expect(createServerGate(rules).isRetired(recordedFor)).toBe(isRetired);
  });
});
