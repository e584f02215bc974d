import { Command, InvalidArgumentError } from 'commander';
import { createLogger } from '../lib/logger';
import { createSimulator } from '../simulator/create-simulator';
import type { Account } from '../simulator/options';
import { terminationRequested } from './termination';

interface SimulatorCommandOptions {
  readonly port: number;
  readonly peerPort: number;
  readonly controlPort: number;
  readonly desktopPort: number;
  readonly agent: readonly Account[];
  readonly storage: string;
  readonly srs?: string;
  readonly pair?: boolean;
  readonly resumable?: boolean;
}

const DEMO_AGENT: Account = { userName: 'agent1', password: 'demo', firstName: 'Demo', lastName: 'Agent' };

/** `srs simulator` (config-and-cli.md, *Command line*): an RWS for trials, demonstrations and tests. */
export function simulatorCommand(): Command {
  return new Command('simulator')
    .description('run an RWS to try and test against, with a control page and an example agent desktop')
    .option('--port <n>', 'port of RWS; 0 = any free one', parsePort, 0)
    .option('--control-port <n>', 'port of the control page', parsePort, 0)
    .option('--desktop-port <n>', 'port of the example agent desktop', parsePort, 0)
    .option('--peer-port <n>', 'with --pair: port of the second data centre', parsePort, 0)
    .option('--agent <user:password>', 'an agent who may sign in; may be repeated', addAgent, [])
    .option('--storage <dir>', 'folder of the received recordings', 'simulator-storage')
    .option('--srs <url>', 'the Screen Recording Service the example agent desktop talks to')
    .option('--pair', 'two data centres')
    .option('--resumable', 'offer resumable uploads (tus)')
    .action(run);
}

async function run(options: SimulatorCommandOptions): Promise<void> {
  const terminated = terminationRequested();
  const simulator = createSimulator({
    port: options.port,
    peerPort: options.peerPort,
    controlPort: options.controlPort,
    desktopPort: options.desktopPort,
    accounts: options.agent.length > 0 ? options.agent : [DEMO_AGENT],
    storage: options.storage,
    isPair: options.pair ?? false,
    isResumable: options.resumable ?? false,
    log: createLogger('info', [process.stderr]),
    ...(options.srs === undefined ? {} : { srsUrl: options.srs }),
  });
  try {
    const { server, peer, control, desktop } = await simulator.start();
    process.stdout.write(`listening ${server}\n`);
    if (peer !== undefined) process.stdout.write(`listening ${peer} (peer)\n`);
    process.stdout.write(`listening ${control} (control page)\nlistening ${desktop} (example agent desktop)\n`);
    await terminated;
  } finally {
    await simulator.stop();
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

function addAgent(text: string, agents: readonly Account[]): readonly Account[] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new InvalidArgumentError('An agent is given as USER:PASSWORD.');
  return [...agents, { userName: text.slice(0, colon), password: text.slice(colon + 1) }];
}
