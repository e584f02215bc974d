import fc from 'fast-check';
import { findWindowsConnection, findWindowsListener, parseWindowsSockets } from '../../../src/lib/windows-socket-table';
import { windowsTable, windowsTable6 } from '../../support/windows-socket-rows';

const LOOPBACK = '127.0.0.1';
const LOOPBACK6 = '0000000000000000' + '0000000000000001';
const ROW = { state: 5, local: LOOPBACK, localPort: 54321, remote: LOOPBACK, remotePort: 8080, pid: 4711 };

describe('parseWindowsSockets', () => {
  it('reads the rows of IPv4 as Windows lays them out', () => {
    // Written down once by hand, so that the builder of the other tests is checked too: one listener on 127.0.0.1:8080 of process 4711.
    const bytes = Buffer.from('01000000' + '02000000' + '7f000001' + '1f90abcd' + '00000000' + '00000000' + '67120000', 'hex');
    const [socket, ...rest] = parseWindowsSockets(bytes, 'tcp');
    expect(rest).toEqual([]);
    expect(socket).toEqual({
      isListening: true,
      local: { address: LOOPBACK, port: 8080 },
      remote: { address: '0.0.0.0', port: 0 },
      processId: 4711,
    });
    expect(parseWindowsSockets(windowsTable({ ...ROW, state: 2, localPort: 8080, remote: '0.0.0.0', remotePort: 0 }), 'tcp')).toEqual([
      socket,
    ]);
  });

  it('reads the rows of IPv6, a mapped IPv4 address as that', () => {
    const row = {
      state: 5,
      local: LOOPBACK6,
      localPort: 54321,
      remote: `${'0'.repeat(20)}ffff7f000001`,
      remotePort: 65535,
      pid: 0xfffffffc,
    };
    expect(parseWindowsSockets(windowsTable6(row), 'tcp6')).toEqual([
      {
        isListening: false,
        local: { address: '::1', port: 54321 },
        remote: { address: LOOPBACK, port: 65535 },
        processId: 0xfffffffc,
      },
    ]);
  });

  it('passes over what lies behind the rows, which is what the buffer has left', () => {
    expect(parseWindowsSockets(Buffer.concat([windowsTable(ROW), Buffer.alloc(1000, 7)]), 'tcp')).toHaveLength(1);
  });

  it.each(['tcp', 'tcp6'] as const)('any bytes are a table of %s, or an error', (family) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        try {
          for (const { local, processId } of parseWindowsSockets(Buffer.from(bytes), family)) {
            expect([typeof local.address, processId >= 0]).toEqual(['string', true]);
          }
        } catch (error) {
          expect((error as Error).message).toMatch(/^the table of tcp6? (has no count|says that it has)/);
        }
      }),
    );
  });

  it('finds the socket of one connection, whichever way its address is written, and no other', () => {
    const sockets = [
      ...parseWindowsSockets(windowsTable({ ...ROW, remotePort: 8443, pid: 1 }, { ...ROW, pid: 2 }), 'tcp'),
      ...parseWindowsSockets(windowsTable6({ ...ROW, local: LOOPBACK6, remote: LOOPBACK6, pid: 3 }), 'tcp6'),
    ];
    const at = (address: string, port: number) => ({ address, port });
    const find = (address: string) => findWindowsConnection(sockets, at(address, 54321), at(address, 8080))?.processId;
    expect(['127.0.0.1', '::ffff:127.0.0.1', '::1', '0:0:0:0:0:0:0:1', '127.0.0.2'].map(find)).toEqual([2, 2, 3, 3, undefined]);
  });

  it.each([
    [LOOPBACK, 7],
    ['0.0.0.0', 7],
    ['192.168.0.7', undefined],
  ])('a listener on %s: process %s', (local, expected) => {
    const sockets = parseWindowsSockets(
      windowsTable({ ...ROW, localPort: 8080 }, { state: 2, local, localPort: 8080, remote: '0.0.0.0', remotePort: 0, pid: 7 }),
      'tcp',
    );
    expect(findWindowsListener(sockets, 8080)?.processId).toBe(expected);
  });
});
