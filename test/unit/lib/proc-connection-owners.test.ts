import type { ConnectionEnds } from '../../../src/lib/connection-owners';
import { ProcConnectionOwners } from '../../../src/lib/proc-connection-owners';
import { LOOPBACK, LOOPBACK6, MAPPED_LOOPBACK, type RowValues, socketTable } from '../../support/socket-rows';

const OWN = 1000;
const CALLER = 54321;
const PORT = 8080;
const V4: ConnectionEnds = { local: { address: '127.0.0.1', port: PORT }, remote: { address: '127.0.0.1', port: CALLER } };
const V6: ConnectionEnds = { local: { address: '::1', port: PORT }, remote: { address: '::1', port: CALLER } };
const PASSWD = 'root:x:0:0::/root:/bin/sh\nben:x:1001:1001::/home/ben:/bin/sh\n';

interface Tables {
  readonly tcp?: readonly RowValues[] | NodeJS.ErrnoException;
  readonly tcp6?: readonly RowValues[] | NodeJS.ErrnoException;
}

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code });
const connection = (address: string, uid: number, rest: Partial<RowValues> = {}): RowValues => ({
  address,
  localPort: CALLER,
  remotePort: PORT,
  uid,
  ...rest,
});
const LISTENER: RowValues = { address: LOOPBACK, localPort: PORT, uid: OWN };
const LISTENER6: RowValues = { address: LOOPBACK6, localPort: PORT, uid: OWN };

function owners(tables: Tables, reads: string[] = []): ProcConnectionOwners {
  return new ProcConnectionOwners({
    uid: OWN,
    read: async (path) => {
      reads.push(path);
      if (path === '/etc/passwd') return PASSWD;
      const rows = path === '/proc/net/tcp' ? tables.tcp : tables.tcp6;
      if (rows === undefined) throw failure('ENOENT');
      if (rows instanceof Error) throw rows;
      return socketTable(...rows);
    },
  });
}

describe('ProcConnectionOwners', () => {
  it.each<[string, ConnectionEnds, Tables, object]>([
    ['the same user', V4, { tcp: [LISTENER, connection(LOOPBACK, OWN)] }, { relation: 'sameUser' }],
    ['the same user over IPv6', V6, { tcp: [], tcp6: [LISTENER6, connection(LOOPBACK6, OWN)] }, { relation: 'sameUser' }],
    [
      'the same user with an IPv6 socket to IPv4',
      V4,
      { tcp: [LISTENER], tcp6: [connection(MAPPED_LOOPBACK, OWN)] },
      { relation: 'sameUser' },
    ],
    ['another user', V4, { tcp: [LISTENER, connection(LOOPBACK, 1001)] }, { relation: 'otherUser', user: 'ben' }],
    ['another user over IPv6', V6, { tcp6: [LISTENER6, connection(LOOPBACK6, 1001)] }, { relation: 'otherUser', user: 'ben' }],
    [
      'another user with an IPv6 socket to IPv4',
      V4,
      { tcp: [LISTENER], tcp6: [connection(MAPPED_LOOPBACK, 1001)] },
      { relation: 'otherUser' },
    ],
    ['a user of no name', V4, { tcp: [LISTENER, connection(LOOPBACK, 4242)] }, { relation: 'otherUser', user: 'user number 4242' }],
    ['root', V4, { tcp: [LISTENER, connection(LOOPBACK, 0)] }, { relation: 'administrator', user: 'root' }],
    [
      'a caller that has closed: not root',
      V4,
      { tcp: [LISTENER, connection(LOOPBACK, 0, { inode: 0, state: '06' })] },
      { relation: 'gone' },
    ],
    ['a caller that is not there any more', V4, { tcp: [LISTENER], tcp6: [] }, { relation: 'gone' }],
    [
      'the other direction of the same ports',
      V4,
      { tcp: [LISTENER, connection(LOOPBACK, OWN, { localPort: PORT, remotePort: CALLER })] },
      { relation: 'gone' },
    ],
    ['no table', V4, {}, { relation: 'untold' }],
    ['a table that may not be read', V4, { tcp: failure('EACCES'), tcp6: failure('EACCES') }, { relation: 'untold' }],
    ['a table without our own socket', V4, { tcp: [], tcp6: [] }, { relation: 'untold' }],
  ])('tells %s', async (_what, ends, tables, expected) => {
    expect(await owners(tables).ownerOf(ends)).toMatchObject(expected);
  });

  it.each(['EMFILE', 'ENOMEM', 'EIO'])('knows nothing when the table is there but cannot be had now (%s)', async (code) => {
    await expect(owners({ tcp: failure(code), tcp6: failure(code) }).ownerOf(V4)).rejects.toThrow(code);
  });

  it('reads the table no more than twice for any number of callers at once', async () => {
    const reads: string[] = [];
    const many = owners({ tcp: [LISTENER, connection(LOOPBACK, OWN)] }, reads);
    const all = await Promise.all(Array.from({ length: 100 }, () => many.ownerOf(V4)));
    expect(new Set(all.map(({ relation }) => relation))).toEqual(new Set(['sameUser']));
    expect(reads.length).toBeLessThanOrEqual(2);
  });

  it.each<[string, Tables, object | undefined]>([
    ['on the address', { tcp: [{ ...LISTENER, uid: 1001 }] }, { relation: 'otherUser', user: 'ben' }],
    ['on all IPv4 addresses', { tcp: [{ address: '00000000', localPort: PORT, uid: 0 }] }, { relation: 'administrator' }],
    ['on all addresses', { tcp: [], tcp6: [{ address: '0'.repeat(32), localPort: PORT, uid: 1001 }] }, { relation: 'otherUser' }],
    ['on ::1', { tcp: [], tcp6: [{ ...LISTENER6, uid: OWN }] }, { relation: 'sameUser' }],
    ['elsewhere', { tcp: [{ address: '0100A8C0', localPort: PORT, uid: 1001 }], tcp6: [] }, undefined],
    ['nowhere that can be seen', {}, undefined],
  ])('says who listens %s', async (_where, tables, expected) => {
    const holder = await owners(tables).holderOf(PORT);
    if (expected === undefined) expect(holder).toBeUndefined();
    else expect(holder).toMatchObject({ owner: expected });
  });
});
