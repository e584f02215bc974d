import { findConnection, findListener, mapped } from '../../../src/lib/socket-table';
import { LOOPBACK, LOOPBACK6, MAPPED_LOOPBACK, socketTable } from '../../support/socket-rows';

describe('the socket table', () => {
  it.each([
    ['IPv4', '127.0.0.1', LOOPBACK],
    ['IPv6', '::1', LOOPBACK6],
    ['IPv4 of an IPv6 socket', '::ffff:127.0.0.1', MAPPED_LOOPBACK],
    ['another IPv6', 'fd00:12:ab::f', '120000FD0000AB00000000000F000000'],
    ['IPv6 with a zone', 'fe80::1%lo', '000080FE000000000000000001000000'],
  ])('has the connection of %s', (_what, address, printed) => {
    const text = socketTable(
      { address: LOOPBACK, localPort: 22, uid: 0 },
      { address: printed, localPort: 54321, remotePort: 8080, uid: 1000 },
    );
    expect(findConnection(text, { address, port: 54321 }, { address, port: 8080 })).toEqual({
      uid: 1000,
      isHeld: true,
      inode: expect.any(String),
    });
    expect(findConnection(text, { address, port: 8080 }, { address, port: 54321 })).toBeUndefined();
    expect(findConnection(text, { address, port: 54322 }, { address, port: 8080 })).toBeUndefined();
  });

  it('says that a socket without an owner has none, not that it is root’s', () => {
    const text = socketTable({ address: LOOPBACK, localPort: 54321, remotePort: 8080, uid: 0, inode: 0, state: '06' });
    expect(findConnection(text, { address: '127.0.0.1', port: 54321 }, { address: '127.0.0.1', port: 8080 })?.isHeld).toBe(false);
  });

  it('has who listens', () => {
    const text = socketTable(
      { address: LOOPBACK, localPort: 8080, remotePort: 54321, uid: 7 },
      { address: LOOPBACK, localPort: 8080, uid: 1000 },
    );
    expect(findListener(text, { address: '127.0.0.1', port: 8080 })).toEqual({ uid: 1000, isHeld: true, inode: expect.any(String) });
    expect(findListener(text, { address: '127.0.0.1', port: 8081 })).toBeUndefined();
  });

  it.each(['', socketTable(), socketTable({ address: LOOPBACK, localPort: 54321, remotePort: 8080, uid: 7 }).slice(0, 150), 'no table'])(
    'finds nothing in %j',
    (text) => {
      expect(findConnection(text, { address: '127.0.0.1', port: 54321 }, { address: '127.0.0.1', port: 8080 })).toBeUndefined();
    },
  );

  it('writes an IPv4 address as an IPv6 socket has it', () => {
    expect(mapped({ address: '127.0.0.1', port: 1 })).toEqual({ address: '::ffff:127.0.0.1', port: 1 });
    expect(mapped({ address: '::1', port: 1 })).toEqual({ address: '::1', port: 1 });
  });
});
