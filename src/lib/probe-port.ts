import { createServer } from 'node:net';

const LOOPBACKS = ['127.0.0.1', '::1'] as const;
const NO_IPV6: readonly string[] = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT'];

/** Why a port cannot be had, and on which of the loopback addresses. */
export interface TakenPort {
  readonly address: string;
  /** Such as `EADDRINUSE`. */
  readonly code: string;
}

/** Whether the system says no because it has no such address, which is no word about the port. */
export function isWithoutIpv6(address: string, code: string): boolean {
  return address === '::1' && NO_IPV6.includes(code);
}

/** Listens on both loopback addresses for a moment. `undefined`: the port is free. */
export async function probePort(port: number): Promise<TakenPort | undefined> {
  for (const address of LOOPBACKS) {
    const code = await tryToListen(address, port);
    if (code !== undefined && !isWithoutIpv6(address, code)) return { address, code };
  }
  return undefined;
}

function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true, ipv6Only: true }, () => server.close(() => resolve(undefined)));
  });
}
