import { createServer } from 'node:net';
import type { Configuration } from '../config/schema';
import { readEndpointsFile } from '../host/endpoints-file';
import { describePortRefusal } from '../lib/port-refusal';
import { systemConnectionOwners } from '../lib/system-connection-owners';
import { failed, ok, skipped, type StepResult } from './step';

const LOOPBACKS = ['127.0.0.1', '::1'];
const NO_IPV6: readonly string[] = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EPROTONOSUPPORT'];

/** Whether the service can have its port, on both loopback addresses, and who has it otherwise. */
export async function portStep(
  scheme: 'http' | 'https',
  { enabled, port }: { readonly enabled: boolean; readonly port: number },
  { dataDirectory }: Pick<Configuration, 'dataDirectory'>,
): Promise<StepResult> {
  const name = `${scheme} port`;
  if (!enabled) return skipped(name, 'Switched off.');
  if (port === 0) return ok(name, 'Any free port is taken at start.');
  const running = await readEndpointsFile(dataDirectory);
  if (running?.endpoints.some((endpoint) => new URL(endpoint).port === String(port))) {
    return ok(name, `This service listens on ${port} (process ${running.pid}).`);
  }
  for (const address of LOOPBACKS) {
    const code = await tryToListen(address, port);
    if (code === undefined || (address === '::1' && NO_IPV6.includes(code))) continue;
    const holder = await systemConnectionOwners()
      .holderOf(port)
      .catch(() => undefined); // it is told without, then
    const { text, remedy } = describePortRefusal({ address, port, setting: `${scheme}.port`, code, holder });
    return failed(name, `It cannot be taken (${code}): ${text}.`, remedy);
  }
  return ok(name, `Port ${port} is free.`);
}

/** @returns what the system says against it */
function tryToListen(address: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host: address, exclusive: true, ipv6Only: true }, () => server.close(() => resolve(undefined)));
  });
}
