/** A row of Windows' table of TCP sockets. An IPv4 address with dots, an IPv6 one as its 32 digits. */
export interface WindowsRow {
  readonly state: number;
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  readonly pid: number;
}

/** `MIB_TCPTABLE_OWNER_PID`. */
export function windowsTable(...rows: readonly WindowsRow[]): Buffer {
  const address = (text: string): Buffer => Buffer.from(text.split('.').map(Number));
  return table(rows, ({ state, local, localPort, remote, remotePort, pid }) => [
    uint32(state),
    address(local),
    port(localPort),
    address(remote),
    port(remotePort),
    uint32(pid),
  ]);
}

/** `MIB_TCP6TABLE_OWNER_PID`. */
export function windowsTable6(...rows: readonly WindowsRow[]): Buffer {
  const address = (digits: string): Buffer => Buffer.from(digits, 'hex');
  return table(rows, ({ state, local, localPort, remote, remotePort, pid }) => [
    address(local),
    uint32(0),
    port(localPort),
    address(remote),
    uint32(0),
    port(remotePort),
    uint32(state),
    uint32(pid),
  ]);
}

function table(rows: readonly WindowsRow[], write: (row: WindowsRow) => readonly Buffer[]): Buffer {
  return Buffer.concat([uint32(rows.length), ...rows.flatMap(write)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** In network order; Windows leaves the upper half of its four bytes undefined. */
function port(value: number): Buffer {
  const bytes = Buffer.from([0, 0, 0xab, 0xcd]);
  bytes.writeUInt16BE(value);
  return bytes;
}
