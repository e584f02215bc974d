// What the service costs while nothing happens: CPU, wake-ups and memory (proportional set size) of the whole process tree. The tray
// application with its window closed beside an empty Electron application with a tray, the headless service beside an Express program of
// one route. BENCH_SECONDS (60) sets the length. Without ELECTRON_OVERRIDE_DIST_PATH or an own Electron the first pair is left out.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startVirtualDisplay } from '../../src/headless/virtual-display';
import { isShort, length, note, runBenchmark } from './parts/figures';
import { usageOf } from './parts/process-usage';
import { CLI, quietEnvironment, ROOT, startProgram, writeConfiguration } from './parts/started-program';
import { inTemporaryFolder } from './parts/temporary-folder';

const SECONDS = length('BENCH_SECONDS', 60, 1);
const SETTLE_SECONDS = isShort ? 0 : 30;

const EXPRESS = `
require('express')().get('/', (request, response) => response.send('hello')).listen(0, '127.0.0.1', () => console.log('listening'));
process.on('SIGTERM', () => process.exit(0));
`;
const EMPTY_APPLICATION = `
const { app, Tray, nativeImage } = require('electron');
app.on('window-all-closed', () => undefined);
app.whenReady().then(() => {
  globalThis.tray = new Tray(nativeImage.createFromPath(${JSON.stringify(join(ROOT, 'assets/icon.png'))}));
  console.log('ready');
});
process.on('SIGTERM', () => app.exit(0));
`;

interface Idle {
  readonly cpuPercent: number;
  readonly wakeUps: number;
  readonly megabytes: number;
}

async function measure(folder: string, name: string, command: string, args: readonly string[], isOurs: boolean): Promise<Idle> {
  const home = join(folder, name);
  mkdirSync(home);
  const all = isOurs ? [...args, '--config', writeConfiguration(home)] : args;
  const program = await startProgram(command, all, { ...quietEnvironment(home), ELECTRON_DISABLE_SECURITY_WARNINGS: '1' });
  try {
    await sleep(SETTLE_SECONDS * 1000);
    const before = usageOf(program.pid);
    await sleep(SECONDS * 1000);
    const after = usageOf(program.pid);
    return {
      cpuPercent: ((after.cpu - before.cpu) / SECONDS) * 100,
      wakeUps: (after.wakeUps - before.wakeUps) / SECONDS,
      megabytes: after.megabytes,
    };
  } finally {
    await program.stop();
  }
}

function show(name: string, ours: Idle, other: { readonly name: string; readonly idle: Idle }, memoryGoal?: number): void {
  const goal = memoryGoal === undefined ? {} : { goal: { atMost: memoryGoal } };
  const yardstick = (value: number) => ({ name: other.name, value });
  note({ name: `${name}: memory`, unit: 'MB', value: ours.megabytes, yardstick: yardstick(other.idle.megabytes), ...goal });
  note({ name: `${name}: CPU`, unit: '% of a core', value: ours.cpuPercent, yardstick: yardstick(other.idle.cpuPercent) });
  note({ name: `${name}: wake-ups`, unit: 'a second', value: ours.wakeUps, yardstick: yardstick(other.idle.wakeUps) });
}

/** The one named, or the package's own. */
function electronBinary(): string | undefined {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined) return join(override, 'electron');
  try {
    const own = createRequire(join(ROOT, 'package.json'))('electron') as string;
    return existsSync(own) ? own : undefined;
  } catch {
    return undefined; // it was not downloaded
  }
}

function writeApplication(folder: string): string {
  const application = join(folder, 'empty-application');
  mkdirSync(application);
  writeFileSync(join(application, 'package.json'), JSON.stringify({ name: 'empty', main: 'main.js' }));
  writeFileSync(join(application, 'main.js'), EMPTY_APPLICATION);
  return application;
}

runBenchmark(() =>
  inTemporaryFolder(async (folder) => {
    const { display, stop } = await startVirtualDisplay();
    process.env['DISPLAY'] = display;
    try {
      const service = await measure(folder, 'headless', process.execPath, [CLI, 'run', '--headless'], true);
      const express = await measure(folder, 'express', process.execPath, ['-e', EXPRESS], false);
      show('headless service', service, { name: 'Express with one route', idle: express });
      const electron = electronBinary();
      if (electron === undefined) return;
      const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      const tray = await measure(folder, 'tray', electron, [...asRoot, ROOT], true);
      const empty = await measure(folder, 'empty', electron, [...asRoot, writeApplication(folder)], false);
      show('tray application', tray, { name: 'empty Electron application with a tray', idle: empty }, 1.15);
    } finally {
      await stop();
    }
  }),
);
