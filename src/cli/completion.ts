import { Argument, Command } from 'commander';
import { describeCommands, SHELLS, toCompletionScript, type Shell } from './completion-scripts';

/** `srs completion bash|zsh|fish|powershell`: a script for the shell, made of the commands as they are. */
export function completionCommand(): Command {
  const command = new Command('completion')
    .description('print a script that completes commands and options: eval "$(srs completion bash)"')
    .addArgument(new Argument('<shell>').choices(SHELLS));
  return command.action((shell: Shell) => {
    const program = command.parent ?? command;
    process.stdout.write(toCompletionScript(shell, describeCommands(program)));
  });
}
