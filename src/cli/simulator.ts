import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { createLogger } from '../lib/logger';
import { readTextFile } from '../lib/text-file';
import { AppError } from '../shared/errors';
import { createSimulator } from '../simulator/create-simulator';
import type { Account, SimulatorOptions, UploadManners } from '../simulator/options';
import { omitUndefined } from '../shared/omit-undefined';
import { terminationRequested } from './termination';

interface SimulatorCommandOptions {
  readonly port: number;
  readonly peerPort: number;
  readonly controlPort: number;
  readonly desktopPort: number;
  readonly agent: readonly Account[];
  readonly storage?: string;
  readonly srs?: string;
  readonly pair?: boolean;
  readonly resumable?: boolean;
  readonly strict?: boolean;
  readonly sessionSeconds: number;
  readonly uploadParts?: readonly [string, string];
  readonly mediaIdSuffix: UploadManners['mediaIdSuffix'];
  readonly uploadAnswer: UploadManners['answer'];
  readonly head: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
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
    .option('--storage <dir>', 'folder of the received recordings; without it a new temporary one')
    .option('--srs <url>', 'the Screen Recording Service the example agent desktop talks to')
    .option('--pair', 'two data centres')
    .option('--resumable', 'offer resumable uploads (tus)')
    .option('--strict', 'CSRF token and all cookies required')
    .option('--session-seconds <n>', 'HTTP sessions end so long after the login; 0 = never', parseSeconds, 0)
    .option('--upload-parts <metadata,media>', 'names of the two parts of an upload', parseParts)
    .addOption(new Option('--media-id-suffix <suffix>', 'what every media id of an upload ends in').choices(['', '.mp4']).default(''))
    .addOption(
      new Option('--upload-answer <kind>', 'how a taken upload is answered')
        .choices(['statusCode0', 'json', 'text'])
        .default('statusCode0'),
    )
    .option('--no-head', 'HEAD of a video is answered with 405')
    .option('--tls-cert <file>', 'certificate (PEM): RWS over https')
    .option('--tls-key <file>', 'its private key (PEM)')
    .exitOverride()
    .action(run);
}

async function run(options: SimulatorCommandOptions): Promise<void> {
  const terminated = terminationRequested();
  const storage = options.storage ?? (await mkdtemp(join(tmpdir(), 'srs-simulator-')));
  const simulator = createSimulator({ ...toSimulatorOptions(options), storage, ...(await readTls(options)) });
  try {
    const { server, peer, control, desktop } = await simulator.start();
    process.stdout.write(`listening ${server}\n`);
    if (peer !== undefined) process.stdout.write(`listening ${peer} (peer)\n`);
    process.stdout.write(`listening ${control} (control page)\nlistening ${desktop} (example agent desktop)\n`);
    process.stdout.write(`recordings are kept in ${storage}\n`);
    await terminated;
  } finally {
    await simulator.stop();
  }
}

function toSimulatorOptions(options: SimulatorCommandOptions): Omit<SimulatorOptions, 'storage'> {
  const { port, peerPort, controlPort, desktopPort, sessionSeconds, srs, agent } = options;
  const isStrict = options.strict ?? false;
  return {
    port,
    peerPort,
    controlPort,
    desktopPort,
    accounts: agent.length > 0 ? agent : [DEMO_AGENT],
    isPair: options.pair ?? false,
    isResumable: options.resumable ?? false,
    strict: { csrf: isStrict, cookies: isStrict, sessionSeconds },
    uploads: toManners(options),
    log: createLogger('info', [process.stderr]),
    ...omitUndefined({ srsUrl: srs }),
  };
}

function toManners({ uploadParts, mediaIdSuffix, uploadAnswer, head }: SimulatorCommandOptions): Partial<UploadManners> {
  const parts = uploadParts === undefined ? {} : { metadataPart: uploadParts[0], mediaPart: uploadParts[1] };
  return { ...parts, mediaIdSuffix, answer: uploadAnswer, head };
}

/** Throws `AppError` `configuration` when only one of the two is given, or one cannot be read. */
async function readTls({ tlsCert, tlsKey }: SimulatorCommandOptions): Promise<Pick<SimulatorOptions, 'tls'>> {
  if (tlsCert === undefined && tlsKey === undefined) return {};
  if (tlsCert === undefined || tlsKey === undefined) throw new AppError('configuration', 'Give both --tls-cert and --tls-key, or neither.');
  const read = (file: string): Promise<string> =>
    readTextFile(file).catch((cause: unknown) => {
      throw new AppError('configuration', `Could not read ${file}. Is it there, and may you read it?`, { cause });
    });
  return { tls: { cert: await read(tlsCert), key: await read(tlsKey) } };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('A port is a number from 0 to 65535.');
  return port;
}

function parseSeconds(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Seconds are a number from 0 on.');
  return Number(text);
}

function parseParts(text: string): readonly [string, string] {
  const [, metadata, media] = /^([A-Za-z0-9_.-]+),([A-Za-z0-9_.-]+)$/.exec(text) ?? [];
  if (metadata === undefined || media === undefined) throw new InvalidArgumentError('Two names with a comma between them are expected.');
  return [metadata, media];
}

function addAgent(text: string, agents: readonly Account[]): readonly Account[] {
  const colon = text.indexOf(':');
  if (colon < 1) throw new InvalidArgumentError('An agent is given as USER:PASSWORD.');
  return [...agents, { userName: text.slice(0, colon), password: text.slice(colon + 1) }];
}
