import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** What may follow a command line that begins with these words. */
export interface CommandWords {
  /** Such as `recordings export`; empty for the program itself. */
  readonly path: string;
  /** Subcommands, choices of arguments, long options. */
  readonly words: readonly string[];
}

/** Both names of the package's programs. */
const PROGRAMS = ['srs', 'screen-recording-service'];

/** The program and every command below it. */
export function describeCommands(command: Command, path = ''): readonly CommandWords[] {
  const help = command.createHelp();
  const subcommands = help.visibleCommands(command).filter((sub) => sub.name() !== 'help');
  const options = help.visibleOptions(command).flatMap(({ long }) => long ?? []);
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const words = [...subcommands.map((sub) => sub.name()), ...choices, ...options];
  const below = subcommands.flatMap((sub) => describeCommands(sub, `${path} ${sub.name()}`.trim()));
  return [{ path, words }, ...below];
}

/** Commands and options hold letters, digits and hyphens only: nothing of them needs quotes in any of the shells. */
export function toCompletionScript(shell: Shell, commands: readonly CommandWords[]): string {
  switch (shell) {
    case 'bash':
      return bash(commands);
    case 'zsh':
      return `autoload -Uz compinit bashcompinit\n(( $+functions[compdef] )) || compinit\nbashcompinit\n${bash(commands)}`;
    case 'fish':
      return fish(commands);
    case 'powershell':
      return powershell(commands);
  }
}

/** The words before the cursor that are no options are the command, as far as there is such a one. Files where nothing else fits. */
function bash(commands: readonly CommandWords[]): string {
  const cases = commands.map(({ path, words }) => `    "${path}") words="${words.join(' ')}" ;;`);
  return `_srs_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
_srs() {
  local words path="" next word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) continue ;; esac
    next="\${path:+$path }$word"
    _srs_words "$next" && path="$next"
  done
  _srs_words "$path"
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _srs ${PROGRAMS.join(' ')}
`;
}

function fish(commands: readonly CommandWords[]): string {
  const cases = commands.map(({ path, words }) => `    case "${path}"\n      string split " " -- "${words.join(' ')}"`);
  return `function __srs_words
  switch "$argv[1]"
${cases.join('\n')}
    case "*"
      return 1
  end
end
function __srs_complete
  set -l path ""
  for word in (commandline -opc)[2..-1]
    string match -q -- "-*" $word; and continue
    set -l next (string trim -- "$path $word")
    __srs_words $next >/dev/null; and set path $next
  end
  __srs_words $path
end
${PROGRAMS.map((program) => `complete -c ${program} -a "(__srs_complete)"`).join('\n')}
`;
}

function powershell(commands: readonly CommandWords[]): string {
  const entries = commands.map(({ path, words }) => `  '${path}' = '${words.join(' ')}'`);
  return `$SrsWords = @{
${entries.join('\n')}
}
Register-ArgumentCompleter -Native -CommandName ${PROGRAMS.join(', ')} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $path = ''
  $typed = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  foreach ($word in $typed) {
    if ($word -eq $wordToComplete -or $word.StartsWith('-')) { continue }
    $next = "$path $word".Trim()
    if ($SrsWords.ContainsKey($next)) { $path = $next }
  }
  $SrsWords[$path].Split(' ') | Where-Object { $_.StartsWith($wordToComplete) } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
}
`;
}
