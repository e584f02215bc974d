import { Command } from 'commander';
import { loadConfiguration } from '../config/load-configuration';
import { startHeadless } from '../headless/start-headless';
import { standardOutputSink } from '../lib/standard-streams';
import type { Snapshot } from '../shared/snapshot';
import { omitUndefined } from '../shared/omit-undefined';
import { keepAlive } from './keep-alive';
import { startElectron } from './start-electron';
import { terminationRequested } from './termination';
import { printable } from '../shared/printable';

interface RunOptions {
  readonly config?: string;
  readonly headless?: boolean;
  readonly virtualDisplay?: boolean;
}

/** `srs run [--config FILE] [--headless]` (config-and-cli.md, *Command line*). */
export function runCommand(): Command {
  return new Command('run')
    .description('run the service: the tray application, or the same without it with --headless')
    .option('--config <file>', 'this configuration file instead of the machine’s and the user’s')
    .option('--headless', 'on Node and the system’s Chromium, without Electron')
    .option('--virtual-display', 'with --headless: start an Xvfb of its own when there is no display')
    .action((options: RunOptions) => (options.headless ? runHeadless(options) : runElectron(options)));
}

async function runHeadless({ config: file, virtualDisplay }: RunOptions): Promise<void> {
  const release = keepAlive();
  try {
    const terminated = terminationRequested();
    const sources = omitUndefined({ file });
    const config = await loadConfiguration(sources);
    const out = standardOutputSink();
    const running = await startHeadless({
      config,
      sources,
      isDemo: false,
      useVirtualDisplay: virtualDisplay ?? false,
      onListening: (addresses) => out.write(addresses.map((address) => `listening ${address}\n`).join('')),
    });
    if (running.endpoints.length === 0) sayWhyNot(running.host.service.snapshot());
    await terminated;
    await running.stop();
  } finally {
    release();
  }
}

async function runElectron({ config: file }: RunOptions): Promise<void> {
  // Read here too, so that a mistake is said in this terminal, with its exit code.
  await loadConfiguration(omitUndefined({ file }));
  const application = await startElectron(file === undefined ? [] : ['--config', file]);
  void terminationRequested().then(() => application.kill('SIGTERM'));
  process.exitCode = await application.exited;
}

/** The start has not failed, and a terminal shows no tray. */
function sayWhyNot({ problems }: Snapshot): void {
  const problem = problems.find(({ code }) => ['portTaken', 'switchedOff', 'inBackground'].includes(code));
  if (problem !== undefined) process.stderr.write(`srs: ${printable(`${problem.text} ${problem.remedy}`)}\n`);
}
