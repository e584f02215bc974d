import { createServer } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfiguration } from '../config/load-configuration';
import { showDemoScreen } from '../headless/demo-screen';
import { startHeadless, needsVirtualDisplay } from '../headless/start-headless';
import { startVirtualDisplay } from '../headless/virtual-display';
import { readEndpointsFile } from '../host/endpoints-file';
import { writeJsonFile } from '../lib/json-file';
import { createSimulator } from '../simulator/create-simulator';
import type { SimulatorAddresses } from '../simulator/options';
import type { SimulatorControl } from '../simulator/simulator-control';
import { keepAlive } from './keep-alive';
import { applicationRoot, startElectron } from './start-electron';
import { terminationRequested } from './termination';

const ACCOUNT = { userName: 'demo', password: 'demo', firstName: 'Demo', lastName: 'Agent' };

/** A part of the demo that is running, ended in reverse order. */
type Stop = () => Promise<unknown>;
type Ready = (endpoints: readonly string[]) => void;

/** `srs demo`: the service with the built-in simulator, what `npm start` runs from a checkout (config-and-cli.md, *Command line*). */
export function demoCommand(): Command {
  return new Command('demo')
    .description('run the service together with the simulator, on free ports if the usual ones are taken')
    .option('--headless', 'without Electron')
    .option('--directory <folder>', 'where the demo keeps its files', join(applicationRoot(), '.demo'))
    .action(async ({ headless, directory }: { headless?: boolean; directory: string }) => {
      const release = keepAlive();
      const stops: Stop[] = [];
      try {
        await runDemo({ isHeadless: headless ?? false, directory, stops });
      } finally {
        for (const stop of stops.reverse()) await stop();
        release();
      }
    });
}

interface DemoOptions {
  readonly isHeadless: boolean;
  readonly directory: string;
  readonly stops: Stop[];
}

async function runDemo({ isHeadless, directory, stops }: DemoOptions): Promise<void> {
  const terminated = terminationRequested();
  await mkdir(directory, { recursive: true });
  const storage = join(directory, 'recordings');

  // 1. The recording server
  const simulator = createSimulator({ accounts: [ACCOUNT], storage });
  stops.push(() => simulator.stop());
  const addresses = await simulator.start();
  simulator.control.onChange(announceRecordings(simulator.control));

  // 2. The configuration
  const file = join(directory, 'config.json');
  await writeJsonFile(file, await demoConfiguration(addresses, directory));

  // 3. A screen, if there is none, with something on it
  if (needsVirtualDisplay()) {
    const display = await startVirtualDisplay();
    stops.push(() => display.stop());
    process.env['DISPLAY'] = display.display;
    const screen = await showDemoScreen(display.display);
    stops.push(() => screen.stop());
    process.stdout.write(`no display here: recording an own one (Xvfb ${display.display})\n`);
  }

  // 4. The service
  const ready: Ready = (endpoints) => {
    simulator.setSrsUrl(endpoints[0] ?? '');
    process.stdout.write(instructions({ endpoints, addresses, storage, config: file }));
  };
  const ended = isHeadless ? await runService(file, stops, ready) : await runApplication({ file, directory, stops, ready });
  await Promise.race([terminated, ...ended]);
}

/** Says each received recording once. */
function announceRecordings(control: SimulatorControl): () => void {
  const known = new Set(control.recordings().map(({ mediaId }) => mediaId));
  return () => {
    for (const { mediaId } of control.recordings()) {
      if (known.has(mediaId)) continue;
      known.add(mediaId);
      process.stdout.write(`recording received: ${control.mediaPath(mediaId) ?? mediaId}\n`);
    }
  };
}

/** Resolves once the service listens. The result is what ends it by itself: nothing. */
async function runService(file: string, stops: Stop[], ready: Ready): Promise<readonly Promise<unknown>[]> {
  const running = await startHeadless({ config: await loadConfiguration({ file }), isDemo: true, useVirtualDisplay: false });
  stops.push(() => running.stop());
  for (const address of running.endpoints) process.stdout.write(`listening ${address}\n`);
  ready(running.endpoints);
  return [];
}

interface ApplicationDemo {
  readonly file: string;
  readonly directory: string;
  readonly stops: Stop[];
  readonly ready: Ready;
}

/** The result is what ends it by itself: the user's Quit. */
async function runApplication({ file, directory, stops, ready }: ApplicationDemo): Promise<readonly Promise<unknown>[]> {
  const onListening = (): void => {
    void readEndpointsFile(dataDirectoryOf(directory)).then((running) => ready(running?.endpoints ?? []));
  };
  const application = await startElectron(['--config', file, '--demo'], { onListening });
  stops.push(async () => {
    application.kill('SIGTERM');
    await application.exited;
  });
  return [application.exited];
}

function dataDirectoryOf(directory: string): string {
  return join(directory, 'data');
}

async function demoConfiguration({ server, desktop }: SimulatorAddresses, directory: string): Promise<object> {
  return {
    server,
    allowedOrigins: [desktop],
    http: { port: await usualOrFreePort(8080) },
    https: { port: await usualOrFreePort(8443) },
    dataDirectory: dataDirectoryOf(directory),
    spool: { minFreeMegabytes: 100 },
    log: { level: 'warn' },
  };
}

/** The usual port if it is free, else 0: any free one. */
function usualOrFreePort(port: number): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(port)));
  });
}

interface Instructions {
  readonly endpoints: readonly string[];
  readonly addresses: SimulatorAddresses;
  readonly storage: string;
  readonly config: string;
}

function instructions({ endpoints, addresses, storage, config }: Instructions): string {
  const [srs = ''] = endpoints;
  const lines = [
    '',
    'DEMO: Screen Recording Service with a simulated recording server',
    '',
    `  example agent desktop  ${addresses.desktop}/   (user ${ACCOUNT.userName}, password ${ACCOUNT.password})`,
    `  control page           ${addresses.control}/   (Start, Stop, Pause, Resume; the received recordings)`,
    `  recordings             ${storage}`,
    `  status                 node ${join(applicationRoot(), 'dist/cli.js')} status --config ${config}`,
    '',
    '  Log in without the example desktop:',
    `    curl -i -u ${ACCOUNT.userName}:${ACCOUNT.password} -H 'Origin: ${addresses.desktop}' ${srs}/api/v2/me`,
    '',
    '  Then press Start and Stop on the control page. Ctrl+C ends the demo.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
