import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dataPaths } from '../../config/data-paths';
import { writeJsonFile } from '../../lib/json-file';
import { probePort } from '../../lib/probe-port';
import type { SimulatorAddresses } from '../../simulator/options';

/** Below the demo's folder. */
export function demoDataDirectory(directory: string): string {
  return join(directory, 'data');
}

/** What the demo's `config.json` says: the simulator as the only server, its example desktop as the only origin. */
export async function demoConfiguration({ server, desktop }: SimulatorAddresses, directory: string): Promise<object> {
  return {
    server,
    allowedOrigins: [desktop],
    http: { port: await usualOrFreePort(8080) },
    https: { port: await usualOrFreePort(8443) },
    dataDirectory: demoDataDirectory(directory),
    spool: { minFreeMegabytes: 100 },
    log: { level: 'warn' },
  };
}

/** Beside the demo's screen (`demo-screen.ts`) rather than over it; where a person has moved the window, it stays. */
export async function placeDemoWindow(directory: string): Promise<void> {
  const file = dataPaths(demoDataDirectory(directory)).windowBounds;
  if (existsSync(file)) return;
  await mkdir(demoDataDirectory(directory), { recursive: true, mode: 0o700 });
  await writeJsonFile(file, { x: 740, y: 30, width: 520, height: 620 });
}

/** The usual port if it is free, else 0: any free one. */
async function usualOrFreePort(port: number): Promise<number> {
  return (await probePort(port)) === undefined ? port : 0;
}
