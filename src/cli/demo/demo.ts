import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfiguration } from '../../config/load-configuration';
import { startDemoDesktop, type DemoDesktop } from '../../headless/demo-desktop';
import { startHeadless, needsVirtualDisplay } from '../../headless/start-headless';
import { readEndpointsFile } from '../../host/endpoints-file';
import { takeInstanceLock } from '../../lib/instance-lock';
import { writeJsonFile } from '../../lib/json-file';
import { AppError, isAppError } from '../../shared/errors';
import { createSimulator } from '../../simulator/create-simulator';
import type { SimulatorControl } from '../../simulator/simulator-control';
import { keepAlive } from '../keep-alive';
import { applicationRoot, startElectron, type ElectronProcess } from '../start-electron';
import { terminationRequested } from '../termination';
import { demoConfiguration, demoDataDirectory, placeDemoWindow } from './demo-configuration';
import { ACCOUNT, demoInstructions } from './demo-instructions';

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
        process.exitCode = await runDemo({ isHeadless: headless ?? false, directory, stops });
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

/** Resolves with the exit code when it has been ended. */
async function runDemo({ isHeadless, directory, stops }: DemoOptions): Promise<number> {
  const terminated = terminationRequested();

  // 1. One demo in this folder
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = await takeFolder(directory);
  stops.push(() => lock.release());

  // 2. A desktop, if there is none
  const desktop = needsVirtualDisplay() ? await startDesktop(directory, stops) : undefined;

  // 3. The recording server
  const storage = join(directory, 'recordings');
  const screen = desktop === undefined ? {} : { screen: () => desktop.picture() };
  const simulator = createSimulator({ accounts: [ACCOUNT], storage, ...screen });
  stops.push(() => simulator.stop());
  const addresses = await simulator.start();
  simulator.control.onChange(announceRecordings(simulator.control));

  // 4. The configuration
  const file = join(directory, 'config.json');
  await writeJsonFile(file, await demoConfiguration(addresses, directory));
  if (desktop !== undefined) await placeDemoWindow(directory);

  // 5. The service
  const ready: Ready = (endpoints) => {
    simulator.setSrsUrl(endpoints[0] ?? '');
    process.stdout.write(demoInstructions({ endpoints, addresses, storage, config: file, isScreenShown: desktop !== undefined }));
  };
  if (isHeadless) {
    await runService(file, stops, ready);
    await terminated;
    return 0;
  }
  const { exited } = await runApplication({ file, directory, stops, ready });
  return Promise.race([terminated.then(() => 0), exited]);
}

/** Throws `AppError` `alreadyRunning`: a second demo would write over the first one's configuration. */
function takeFolder(directory: string): ReturnType<typeof takeInstanceLock> {
  return takeInstanceLock(directory).catch((cause: unknown) => {
    if (!isAppError(cause, 'alreadyRunning')) throw cause;
    throw new AppError(
      'alreadyRunning',
      `A demo already runs in ${directory}. End it first, or run another one beside it: npm start -- --directory FOLDER`,
      { cause },
    );
  });
}

async function startDesktop(directory: string, stops: Stop[]): Promise<DemoDesktop> {
  const desktop = await startDemoDesktop(directory);
  stops.push(() => desktop.stop());
  process.env['DISPLAY'] = desktop.display;
  process.stdout.write(`no display here: using an own one (Xvfb ${desktop.display}), which the control page shows\n`);
  return desktop;
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

/** Resolves once the service listens. */
async function runService(file: string, stops: Stop[], ready: Ready): Promise<void> {
  const running = await startHeadless({ config: await loadConfiguration({ file }), isDemo: true, useVirtualDisplay: false });
  stops.push(() => running.stop());
  for (const address of running.endpoints) process.stdout.write(`listening ${address}\n`);
  ready(running.endpoints);
}

interface ApplicationDemo {
  readonly file: string;
  readonly directory: string;
  readonly stops: Stop[];
  readonly ready: Ready;
}

/** `exited` is the application's end by itself, with its exit code: the user's Quit, or a failure. */
async function runApplication({ file, directory, stops, ready }: ApplicationDemo): Promise<ElectronProcess> {
  const onListening = (): void => {
    void readEndpointsFile(demoDataDirectory(directory)).then((running) => ready(running?.endpoints ?? []));
  };
  const application = await startElectron(['--config', file, '--demo', '--show'], { onListening });
  stops.push(async () => {
    application.kill('SIGTERM');
    await application.exited;
  });
  return application;
}
