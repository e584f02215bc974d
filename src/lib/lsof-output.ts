import type { Endpoint } from './connection-owners';

/** A socket as `lsof -FpcuLn` tells of it. */
export interface LsofSocket {
  readonly processId: number;
  readonly command: string;
  readonly uid: number;
  /** Its name; the number where it has none. */
  readonly user: string;
  readonly local: Endpoint;
  /** Absent: it listens. */
  readonly remote?: Endpoint;
}

interface LsofProcess {
  readonly p?: string;
  readonly c?: string;
  readonly u?: string;
  readonly L?: string;
}

/** lsof(8), *Output for other programs*: a line a field, its first letter says which; `p` begins a process, `n` is a socket's name. */
export function parseLsof(output: string): readonly LsofSocket[] {
  const sockets: LsofSocket[] = [];
  let process: LsofProcess = {};
  for (const line of output.split('\n')) {
    const [kind, value] = [line.slice(0, 1), line.slice(1)];
    if (kind === 'p') process = { p: value };
    if (kind === 'c' || kind === 'u' || kind === 'L') process = { ...process, [kind]: value };
    const socket = kind === 'n' ? readSocket(value, process) : undefined;
    if (socket !== undefined) sockets.push(socket);
  }
  return sockets;
}

/** `undefined` for what is no socket with an address, or of a process whose user is not told. */
function readSocket(name: string, { p, c = '', u = '', L }: LsofProcess): LsofSocket | undefined {
  const [local, remote] = name.split('->').map(readEndpoint);
  if (local === undefined || !/^\d+$/.test(u) || (name.includes('->') && remote === undefined)) return undefined;
  return { processId: Number(p), command: c, uid: Number(u), user: L ?? u, local, ...(remote === undefined ? {} : { remote }) };
}

/** `127.0.0.1:8080`, `[::1]:8080`, `*:8080`. */
function readEndpoint(text: string): Endpoint | undefined {
  const [, ipv6, other = '', port] = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+|\*)):(\d+)$/.exec(text) ?? [];
  return port === undefined ? undefined : { address: ipv6 ?? other, port: Number(port) };
}
