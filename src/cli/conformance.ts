import { Command, InvalidArgumentError } from 'commander';
import type { CheckResult } from '../conformance/check';
import { runConformance } from '../conformance/run-conformance';
import { Secret } from '../lib/secret';
import { readTextFile } from '../lib/text-file';
import { AppError } from '../shared/errors';
import { omitUndefined } from '../shared/omit-undefined';
import { readSecret } from './read-secret';
import { EXIT_DONE, EXIT_FAILED } from '../shared/exit-codes';
import { printable } from '../shared/printable';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

interface ConformanceCommandOptions {
  readonly url: URL;
  readonly user: string;
  readonly origin: string;
  readonly ca?: string;
  readonly pingTimeout?: number;
  readonly json?: boolean;
}

/** `srs conformance --url URL --user NAME`: exit code 1 unless everything holds (local-api.md, *Conformance*). */
export function conformanceCommand(): Command {
  return new Command('conformance')
    .description('try a server that claims to be a Screen Recording Service; logs the agent in and out, which ends a session that is open')
    .option('--url <url>', 'where it listens, on this computer', toLoopback, new URL('http://127.0.0.1:8080'))
    .requiredOption('--user <name>', 'an agent it lets in; the password is asked for, or read from standard input')
    .requiredOption('--origin <origin>', 'an origin it allows')
    .option('--ca <file>', 'PEM of the authority of an https address ("srs certificate export")')
    .option('--ping-timeout <seconds>', 'also wait until a session without polls has ended, after this long', toSeconds)
    .option('--json', 'the results as JSON')
    .action(run);
}

async function run({ url, user, origin, ca, pingTimeout, json }: ConformanceCommandOptions): Promise<void> {
  const password = new Secret(await readSecret(`Password of ${user}: `));
  if (password.reveal() === '') throw new AppError('configuration', 'No password was given: type it, or send it to standard input.');
  const authority = ca === undefined ? {} : { ca: await readAuthority(ca) };
  const results = await runConformance({
    url,
    origin,
    userName: user,
    password,
    ...authority,
    ...omitUndefined({ pingTimeoutSeconds: pingTimeout }),
    onResult: (result) => {
      if (json !== true) process.stdout.write(printable(describe(result)));
    },
  });
  process.stdout.write(json === true ? `${JSON.stringify(results, null, 2)}\n` : summary(results));
  process.exitCode = results.every(({ outcome }) => outcome === 'holds') ? EXIT_DONE : EXIT_FAILED;
}

async function readAuthority(file: string): Promise<string> {
  try {
    return await readTextFile(file);
  } catch (cause) {
    throw new AppError('configuration', `--ca: ${file} cannot be read.`, { cause });
  }
}

function describe({ outcome, id, claim, rule, found }: CheckResult): string {
  const mark = { holds: 'holds    ', fails: 'FAILS    ', undecided: 'undecided' }[outcome];
  const source = rule === 'documented' ? '' : ' (not in the public pages)';
  return `${mark}  ${id}: ${claim}${source}\n${found === undefined ? '' : `           -> ${found}\n`}`;
}

function summary(results: readonly CheckResult[]): string {
  const count = (outcome: CheckResult['outcome']): number => results.filter((result) => result.outcome === outcome).length;
  return `${results.length} checks: ${count('holds')} hold, ${count('fails')} fail, ${count('undecided')} undecided\n`;
}

/** A password is about to be sent there. */
function toLoopback(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || !LOOPBACK.includes(url.hostname) || url.username !== '') {
    throw new InvalidArgumentError('an http:// or https:// address of this computer is wanted, such as http://127.0.0.1:8080');
  }
  return url;
}

function toSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= 86_400)) throw new InvalidArgumentError('a number of seconds from 1 to 86400 is wanted');
  return seconds;
}
