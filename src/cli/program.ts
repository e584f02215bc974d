import { Command, CommanderError } from 'commander';
import { errnoOf } from '../lib/errno-of';
import { packageVersion } from '../lib/package-version';
import { isAppError } from '../shared/errors';
import { EXIT_DONE, EXIT_FAILED, EXIT_USAGE } from '../shared/exit-codes';
import { printable } from '../shared/printable';

/** The commands by name, each loaded only when it is needed: what they are made of takes longer to load than most of them to run. */
export type CommandTable = Readonly<Record<string, () => Promise<Command>>>;

/** Shows or describes all the others. */
const OF_ALL = 'completion';

/**
 * Runs one command line and gives its exit code; whatever goes wrong is said on stderr.
 * @param words what follows the program's name
 */
export async function runProgram(table: CommandTable, words: readonly string[]): Promise<number> {
  surviveClosedPipes();
  const program = new Command('srs')
    .description('Screen Recording Service: records an agent’s screen for Genesys Interaction Recording')
    .version(packageVersion)
    .exitOverride();
  try {
    for (const command of await Promise.all(needed(table, words).map((load) => load()))) program.addCommand(throwing(command));
    await program.parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return explain(error);
  }
}

/** `srs doctor | head` reads a part: what nobody reads is lost, and the exit code stays the command's own. */
function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (errnoOf(error) !== 'EPIPE') process.exitCode = EXIT_FAILED; // such as a full disk: the output is not whole
    });
  }
}

/** The one that is named; all of them for help and for what is no command. */
function needed(table: CommandTable, [word = '']: readonly string[]): readonly (() => Promise<Command>)[] {
  if (word === '--version' || word === '-V') return [];
  const named = word !== OF_ALL && Object.hasOwn(table, word) ? table[word] : undefined;
  return named === undefined ? Object.values(table) : [named];
}

/** A wrong option throws instead of ending the process, in every subcommand too. */
function throwing(command: Command): Command {
  command.commands.forEach(throwing);
  return command.exitOverride();
}

function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_DONE : EXIT_USAGE;
  if (isAppError(error)) {
    process.stderr.write(`srs: ${printable(error.message)}\n`);
    return error.code === 'configuration' ? EXIT_USAGE : EXIT_FAILED;
  }
  process.stderr.write(`srs: unexpected fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT_FAILED;
}
