import { resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';

/** What may stand alone: it asks about the program, not for its tray. */
const QUESTIONS: ReadonlySet<string> = new Set(['--help', '-h', '--version', '-V']);
/** Not a path, not an address: something typed as a command. */
const COMMAND_LIKE = /^[a-z]+(-[a-z]+)*$/;

/**
 * The words for the command line among those after the program's name; `undefined` where the tray is meant. Switches may stand before the
 * command: an AppImage puts `--no-sandbox` there, the installed launcher `--ozone-platform=headless`. They are Chromium's and dropped, but for
 * `--config`, which the command gets. What looks like a command and is none counts as one: it is to be refused by name, where the tray
 * would start without a word.
 */
export function commandWords(words: readonly string[]): readonly string[] | undefined {
  const { tokens } = parseArgs({
    args: [...words],
    options: { config: { type: 'string' }, lang: { type: 'string' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const first = tokens.find(({ kind }) => kind === 'positional')?.index ?? words.length;
  const question = words.slice(0, first).find((word) => QUESTIONS.has(word));
  if (question !== undefined) return [question];
  if (!COMMAND_LIKE.test(words[first] ?? '')) return undefined;
  const config = tokens.find((token) => token.kind === 'option' && token.name === 'config' && token.index < first);
  const given = config?.kind === 'option' && config.value !== undefined ? ['--config', config.value] : [];
  return [...words.slice(first), ...given];
}

/** What follows the application in the command line of an Electron that is given one to run: `electron [switches] FOLDER|FILE words…`. */
export function wordsAfterApplication(argv: readonly string[], applicationPath: string): readonly string[] {
  const isApplication = (word: string): boolean => `${resolve(word)}${sep}`.startsWith(`${applicationPath}${sep}`);
  const at = argv.findIndex((word, index) => index > 0 && !word.startsWith('-') && isApplication(word));
  return argv.slice(at === -1 ? 2 : at + 1);
}
