import { Command } from 'commander';
import { loadForDiagnosis } from '../config/load-for-diagnosis';
import { examine } from '../diagnostics/doctor';
import type { ExaminedMachine } from '../diagnostics/examined-machine';
import type { StepResult } from '../diagnostics/step';
import type { Keychain } from '../lib/keychain';
import { AppError } from '../shared/errors';
import { walkWithLogin } from './doctor-login';
import { omitUndefined } from '../shared/omit-undefined';
import { EXIT_DONE, EXIT_FAILED } from '../shared/exit-codes';
import { printable } from '../shared/printable';

const MARKS = { ok: 'ok     ', warning: 'warning', failed: 'FAILED ', skipped: '-      ' } as const;

interface DoctorOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly login?: string | true;
  readonly server?: string;
  readonly uploadTest?: boolean;
}

/** `srs doctor`: exit code 1 when a step failed (config-and-cli.md, *Command line*). */
export function doctorCommand(openKeychain: () => Keychain, machine: ExaminedMachine): Command {
  return new Command('doctor')
    .description('check the machine and the way to RWS, and say what to do')
    .option('--config <file>', 'the configuration file to check with')
    .option('--json', 'the results as JSON')
    .option(
      '--login [user]',
      'sign this agent in at RWS and out again, and try there what the service would use; the password is asked for',
    )
    .option('--server <url>', 'with --login: this RWS instead of the configured one')
    .option('--upload-test', 'with --login: send a file of one KiB, which stays at RWS')
    .action(async ({ config: file, json, login, server, uploadTest }: DoctorOptions) => {
      if (login !== undefined) return walkWithLogin(omitUndefined({ file, json, login, server, uploadTest }));
      if (server !== undefined || uploadTest === true) throw new AppError('configuration', '--server and --upload-test go with --login.');
      const { config, fault } = await loadForDiagnosis(omitUndefined({ file }));
      const onStep = (step: StepResult): void => void process.stdout.write(printable(describe(step)));
      const results = await examine({ config, fault, keychain: openKeychain(), machine }, json === true ? {} : { onStep });
      if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
      process.exitCode = results.some(({ outcome }) => outcome === 'failed') ? EXIT_FAILED : EXIT_DONE;
    });
}

function describe({ name, outcome, text, remedy }: StepResult): string {
  return `${MARKS[outcome]}  ${name}: ${text}\n${remedy === undefined ? '' : `         -> ${remedy}\n`}`;
}
