import { createInterface } from 'node:readline/promises';
import { readConfiguration } from '../config/load-configuration';
import { configSchema } from '../config/schema';
import { walkLogin } from '../diagnostics/login-walk';
import type { WalkResult } from '../diagnostics/walk';
import { isLoopback } from '../rws/http/proxy';
import { packageVersion } from '../lib/package-version';
import { Secret } from '../lib/secret';
import { AppError } from '../shared/errors';
import { EXIT_DONE, EXIT_FAILED } from '../shared/exit-codes';
import { omitUndefined } from '../shared/omit-undefined';
import { toServiceVersion } from '../shared/version';
import { readSecret } from './read-secret';
import { terminationRequested } from './termination';

export interface LoginWalkOptions {
  readonly file?: string;
  readonly json?: boolean;
  /** `true`: the name is asked for. */
  readonly login: string | true;
  readonly server?: string;
  readonly uploadTest?: boolean;
}

/**
 * `srs doctor --login` (config-and-cli.md, *Command line*). Exit code 1 when something does not hold that recording needs. Throws
 * `AppError` `configuration` before anything is sent.
 */
export async function walkWithLogin({ file, json = false, login, server, uploadTest = false }: LoginWalkOptions): Promise<void> {
  const { config } = await readConfiguration(omitUndefined({ file }));
  const address = server === undefined ? config.server : parseServer(server);
  if (address === undefined) throw new AppError('configuration', 'No server is configured: name one with --server.');
  if (isReadable(address)) process.stderr.write(`warning: ${address} is not https: whoever is on the way can read the password.\n`);
  const userName = login === true ? await askName() : login;
  const password = new Secret(await readSecret(`Password of ${userName}: `));
  if (password.reveal() === '') throw new AppError('configuration', 'No password was given: type it, or send it to standard input.');
  const given = new AbortController();
  void terminationRequested().then(() => given.abort());
  const results = await walkLogin({
    config,
    server: address,
    userName,
    password,
    clientVersion: config.reportedVersion ?? toServiceVersion(packageVersion),
    isUploadTried: uploadTest,
    signal: given.signal,
    ...(json ? {} : { onResult: (result: WalkResult) => void process.stdout.write(describe(result)) }),
  });
  if (json) process.stdout.write(`${JSON.stringify({ server: address, results }, null, 2)}\n`);
  process.exitCode = results.every(({ verdict, isOptional }) => isOptional || verdict === 'holds') ? EXIT_DONE : EXIT_FAILED;
}

function isReadable(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol !== 'https:' && !isLoopback(hostname);
}

/** A password is about to be sent there. */
function parseServer(text: string): string {
  const parsed = configSchema.shape.server.safeParse(text);
  if (parsed.success && parsed.data !== undefined) return parsed.data;
  const expected = parsed.success ? 'an address' : (parsed.error.issues[0]?.message ?? 'an address');
  throw new AppError('configuration', `--server: ${expected} is expected.`);
}

async function askName(): Promise<string> {
  if (!process.stdin.isTTY) throw new AppError('configuration', 'Give the agent’s name: --login NAME.');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const name = (await lines.question('User name: ')).trim();
    if (name === '') throw new AppError('configuration', 'No user name was given.');
    return name;
  } finally {
    lines.close();
  }
}

function describe({ name, verdict, text }: WalkResult): string {
  const mark = { holds: 'holds  ', refused: 'REFUSED', unknown: 'unknown' }[verdict];
  return `${mark}  ${name}: ${text}\n`;
}
