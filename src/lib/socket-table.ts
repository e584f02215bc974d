import { isIPv6 } from 'node:net';
import { endianness } from 'node:os';
import type { Endpoint } from './connection-owners';

/** A row of `/proc/net/tcp` or `tcp6` (proc_net_tcp(5)), as far as it is looked at. */
export interface SocketRow {
  /** The user who made the socket. Holds only while the socket belongs to a process: see `isHeld`. */
  readonly uid: number;
  /** A process has it open. What was closed stays in the table for a while, under the number 0 whoever had it. */
  readonly isHeld: boolean;
  /** The number of the socket, as links in `/proc/<pid>/fd` have it; `0` when no process has it open. */
  readonly inode: string;
}

export const ANYWHERE: Readonly<Record<'tcp' | 'tcp6', readonly string[]>> = { tcp: ['0.0.0.0'], tcp6: ['::'] };
const LISTENING = '0A';
const IS_LITTLE_ENDIAN = endianness() === 'LE';

/** The row of one connection, by both of its ends. */
export function findConnection(table: string, local: Endpoint, remote: Endpoint): SocketRow | undefined {
  const line = lineWith(table, `: ${writeEndpoint(local)} ${writeEndpoint(remote)} `);
  return line === undefined ? undefined : parseRow(line);
}

/** The row of the socket that listens at an address. */
export function findListener(table: string, at: Endpoint): SocketRow | undefined {
  const nobody = { address: isIPv6(at.address) ? '::' : '0.0.0.0', port: 0 };
  const line = lineWith(table, `: ${writeEndpoint(at)} ${writeEndpoint(nobody)} ${LISTENING} `);
  return line === undefined ? undefined : parseRow(line);
}

/** An IPv4 address as an IPv6 socket has it that talks to an IPv4 one. */
export function mapped({ address, port }: Endpoint): Endpoint {
  return { address: isIPv6(address) ? address : `::ffff:${address}`, port };
}

function lineWith(table: string, text: string): string | undefined {
  const at = table.indexOf(text);
  if (at < 0) return undefined;
  const end = table.indexOf('\n', at);
  return table.slice(table.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end);
}

/** `sl local remote st tx:rx tr:when retrnsmt uid timeout inode …` */
function parseRow(line: string): SocketRow | undefined {
  const [, , , , , , , uid = '', , inode = ''] = line.trim().split(/\s+/);
  if (!/^\d+$/.test(uid) || !/^\d+$/.test(inode)) return undefined;
  return { uid: Number(uid), isHeld: inode !== '0', inode };
}

/** The kernel prints an address as 32-bit words of its own byte order, the port as a number. */
function writeEndpoint({ address, port }: Endpoint): string {
  const bytes = isIPv6(address) ? parseIpv6(address) : address.split('.').map(Number);
  const words = Array.from({ length: bytes.length / 4 }, (_, index) => bytes.slice(index * 4, index * 4 + 4));
  const hex = words.map((word) => (IS_LITTLE_ENDIAN ? word.reverse() : word).map((byte) => toHex(byte, 2)).join('')).join('');
  return `${hex}:${toHex(port, 4)}`;
}

function parseIpv6(address: string): number[] {
  // The URL parser writes the dotted form, and nothing else, as groups.
  const [head = '', tail] = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1).split('::');
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [left, right] = [groups(head), groups(tail ?? '')];
  const all = [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
  return all.flatMap((group) => [group >> 8, group & 0xff]);
}

function toHex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
