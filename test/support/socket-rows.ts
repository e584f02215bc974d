import { endianness } from 'node:os';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const NOBODY = { tcp: '00000000', tcp6: '0'.repeat(32) };

/** Addresses as a little-endian kernel prints them. */
export const LOOPBACK = '0100007F';
export const LOOPBACK6 = '00000000000000000000000001000000';
export const MAPPED_LOOPBACK = '0000000000000000FFFF00000100007F';

export interface RowValues {
  readonly address: string;
  readonly localPort: number;
  /** None: a listening socket. */
  readonly remotePort?: number;
  readonly uid: number;
  readonly inode?: number;
  readonly state?: string;
}

/** The text of `/proc/net/tcp` or `tcp6`, as the kernel of this machine prints it. */
export function socketTable(...rows: readonly RowValues[]): string {
  return `${[HEAD, ...rows.map(writeRow)].join('\n')}\n`;
}

function writeRow({ address, localPort, remotePort, uid, inode = 4711, state }: RowValues, index: number): string {
  const isListening = remotePort === undefined;
  const remote = isListening ? NOBODY[address.length === 8 ? 'tcp' : 'tcp6'] : address;
  const ends = `${words(address)}:${port(localPort)} ${words(remote)}:${port(remotePort ?? 0)}`;
  const rest = `${state ?? (isListening ? '0A' : '01')} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode}`;
  return `${String(index).padStart(4)}: ${ends} ${rest} 1 0000000000000000 100 0 0 10 0`;
}

function words(address: string): string {
  const turn = (word: string): string => (endianness() === 'LE' ? word : (word.match(/../g) ?? []).reverse().join(''));
  return (address.match(/.{8}/g) ?? []).map(turn).join('');
}

function port(value: number): string {
  return value.toString(16).toUpperCase().padStart(4, '0');
}
