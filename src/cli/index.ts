import { Command, CommanderError } from 'commander';
import { packageVersion } from '../lib/package-version';
import { isAppError } from '../shared/errors';
import { certificateCommand } from './certificate';
import { configCommand } from './config';
import { demoCommand } from './demo';
import { doctorCommand } from './doctor';
import { recordingsCommand } from './recordings';
import { runCommand } from './run';
import { simulatorCommand } from './simulator';
import { statusCommand } from './status';
import { supportBundleCommand } from './support-bundle';

const EXIT_FAILED = 1;
/** What was typed or configured is wrong: nothing was started. */
const EXIT_USAGE = 2;

async function main(): Promise<void> {
  const program = new Command('srs')
    .description('Screen Recording Service: records an agent’s screen for Genesys Interaction Recording')
    .version(packageVersion)
    .exitOverride();
  const commands = [
    runCommand,
    demoCommand,
    simulatorCommand,
    statusCommand,
    doctorCommand,
    configCommand,
    certificateCommand,
    recordingsCommand,
    supportBundleCommand,
  ];
  for (const command of commands) program.addCommand(throwing(command()));
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    process.exitCode = explain(error);
  }
}

/** A wrong option throws instead of ending the process, in every subcommand too. */
function throwing(command: Command): Command {
  command.commands.forEach(throwing);
  return command.exitOverride();
}

/** Says on stderr what went wrong, and gives the exit code. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (isAppError(error)) {
    process.stderr.write(`srs: ${error.message}\n`);
    return error.code === 'configuration' ? EXIT_USAGE : EXIT_FAILED;
  }
  process.stderr.write(`srs: unexpected fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT_FAILED;
}

void main();
