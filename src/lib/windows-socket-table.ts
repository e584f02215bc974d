import { isIPv6 } from 'node:net';
import { canonicalAddress } from './canonical-address';
import type { Endpoint } from './connection-owners';

/** A row of `MIB_TCPTABLE_OWNER_PID` or `MIB_TCP6TABLE_OWNER_PID` (tcpmib.h). */
export interface WindowsSocket {
  readonly isListening: boolean;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** 0: the process has closed it. */
  readonly processId: number;
}

export type AddressFamily = 'tcp' | 'tcp6';

/** MIB_TCP_STATE_LISTEN. */
const LISTENING = 2;
const COUNT_BYTES = 4;
/** Where the fields of a row lie, in bytes. Scope ids, which loopback has none of, lie between. */
const ROWS = {
  tcp: { bytes: 24, addressBytes: 4, state: 0, localAddress: 4, localPort: 8, remoteAddress: 12, remotePort: 16, processId: 20 },
  tcp6: { bytes: 56, addressBytes: 16, localAddress: 0, localPort: 20, remoteAddress: 24, remotePort: 44, state: 48, processId: 52 },
} as const;

/** Reads what `GetExtendedTcpTable` wrote, for `TCP_TABLE_OWNER_PID_ALL`. Throws when the bytes cannot be such a table. */
export function parseWindowsSockets(table: Buffer, family: AddressFamily): readonly WindowsSocket[] {
  if (table.length < COUNT_BYTES) throw new Error(`the table of ${family} has no count of its rows`);
  const count = table.readUInt32LE(0);
  const { bytes } = ROWS[family];
  if (COUNT_BYTES + count * bytes > table.length) {
    throw new Error(`the table of ${family} says that it has ${count} rows, and has ${table.length} bytes`);
  }
  return Array.from({ length: count }, (_, index) => parseRow(table.subarray(COUNT_BYTES + index * bytes), family));
}

/** The socket at one end of a connection. */
export function findWindowsConnection(sockets: readonly WindowsSocket[], local: Endpoint, remote: Endpoint): WindowsSocket | undefined {
  const [from, to] = [comparable(local), comparable(remote)];
  return sockets.find((socket) => !socket.isListening && isAt(socket.local, from) && isAt(socket.remote, to));
}

/** The socket that listens at a port of a loopback address, or of all addresses. */
export function findWindowsListener(sockets: readonly WindowsSocket[], port: number): WindowsSocket | undefined {
  const places = ['127.0.0.1', '::1', '0.0.0.0', '::'];
  return sockets.find(({ isListening, local }) => isListening && local.port === port && places.includes(local.address));
}

function parseRow(row: Buffer, family: AddressFamily): WindowsSocket {
  const at = ROWS[family];
  const endpoint = (address: number, port: number): Endpoint => ({
    address: readAddress(row.subarray(address, address + at.addressBytes)),
    port: row.readUInt16BE(port), // its upper half is undefined
  });
  return {
    isListening: row.readUInt32LE(at.state) === LISTENING,
    local: endpoint(at.localAddress, at.localPort),
    remote: endpoint(at.remoteAddress, at.remotePort),
    processId: row.readUInt32LE(at.processId),
  };
}

/** In network order. */
function readAddress(bytes: Buffer): string {
  if (bytes.length === ROWS.tcp.addressBytes) return bytes.join('.');
  const groups = Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return canonicalAddress(groups.join(':'));
}

function comparable({ address, port }: Endpoint): Endpoint {
  return { address: isIPv6(address) ? canonicalAddress(address) : address, port };
}

function isAt(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && one.address === other.address;
}
