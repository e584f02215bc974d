import { Command } from 'commander';
import { loadConfiguration } from '../config/load-configuration';
import { reasonsByWindow, type CoverReason } from '../masks/covered-desk';
import type { Desk, DeskWindow, OpenVisibleWindows } from '../masks/ports';
import { readDesk } from '../masks/read-desk';
import { AppError, describeError } from '../shared/errors';
import type { MaskRules } from '../shared/mask-rules';
import { printable } from '../shared/printable';

/** `srs masks test` (config-and-cli.md, *Command line*). Titles are on standard output only. */
export function masksCommand(windows: OpenVisibleWindows): Command {
  const masks = new Command('masks').description('what is covered in the video');
  masks
    .command('test')
    .description('list the windows of now, each with the rule that covers it')
    .option('--config <file>', 'the configuration file with the rules to try')
    .option('--json', 'the windows as JSON')
    .action(async ({ config: file, json }: { config?: string; json?: boolean }) => {
      const { recording } = await loadConfiguration(file === undefined ? {} : { file });
      const desk = await readDesk(windows).catch((error: unknown) => {
        throw new AppError('dependencyMissing', `${describeError(error)} ${describeFailure(recording)}`, { cause: error });
      });
      const lines = describeWindows(desk, recording);
      process.stdout.write(json ? `${JSON.stringify(lines, null, 2)}\n` : printable(lines.map(describe).join('')));
    });
  return masks;
}

interface WindowLine {
  readonly isCovered: boolean;
  /** Why. */
  readonly rule?: string;
  readonly place: string;
  readonly applications: readonly string[];
  readonly titles: readonly string[];
}

/** The uppermost first. */
function describeWindows({ windows }: Desk, rules: MaskRules): readonly WindowLine[] {
  const reasons = reasonsByWindow(windows, rules);
  return windows.map((window) => {
    const reason = reasons.get(window.id);
    return {
      isCovered: reason !== undefined,
      ...(reason === undefined ? {} : { rule: nameRule(reason, rules) }),
      place: describePlace(window),
      applications: [...new Set(window.applications)],
      titles: [...new Set(window.titles)],
    };
  });
}

function nameRule(reason: CoverReason, { masks }: MaskRules): string {
  if (reason === 'notExcepted') return 'not named by recording.maskExcept';
  if (reason === 'unknown') return 'nothing is known of it';
  const note = masks[reason]?.note;
  return `recording.masks[${reason}]${note === undefined ? '' : ` (${note})`}`;
}

function describePlace({ area: { x, y, width, height } }: DeskWindow): string {
  return `${width}x${height} at ${x},${y}`;
}

function describe({ isCovered, rule, place, applications, titles }: WindowLine): string {
  const name = [applications.join(', ') || '(no application)', titles.join(' | ') || '(no title)'].join(': ');
  return `${isCovered ? 'covered' : 'shown  '}  ${name} [${place}]\n${rule === undefined ? '' : `         by ${rule}\n`}`;
}

function describeFailure({ maskFailure }: MaskRules): string {
  return maskFailure === 'cover'
    ? 'With a rule, a recording is covered wholly.'
    : 'With a rule, nothing is recorded (recording.maskFailure).';
}
