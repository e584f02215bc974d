import { describeEffect } from '../../src/config/setting-effects';
import { describeAllowed, listSettings, USER_SETTINGS, type Setting } from '../../src/config/settings';

/** `docs/settings.md`: every setting, from the schema. */
export function settingsPage(): string {
  const groups = new Map<string, Setting[]>();
  for (const setting of listSettings()) {
    const name = setting.key.includes('.') ? setting.key.slice(0, setting.key.indexOf('.')) : '';
    groups.set(name, [...(groups.get(name) ?? []), setting]);
  }
  return [
    '# Settings',
    '',
    'Every setting of the configuration file, with its variable, default and limits. Where files and policies lie and which source wins:',
    '[contracts/config-and-cli.md](contracts/config-and-cli.md). An installed program reads variables only where the machine-wide file or a policy says `allowEnvironment`.',
    `A user may set ${USER_SETTINGS.map((key) => `\`${key}\``).join(', ')} in \`config.json\` of the data directory; the rest is the administrator's.`,
    '',
    'What a running service takes over, and when: [contracts/config-and-cli.md](contracts/config-and-cli.md), *Changes while it runs*.',
    '',
    'Written by `node scripts/generate-docs.mjs` from `src/config/schema.ts`.',
    '',
    ...[...groups].flatMap(([name, settings]) => [`## ${name === '' ? 'General' : name}`, '', ...table(settings), '']),
  ].join('\n');
}

function table(settings: readonly Setting[]): string[] {
  return [
    '| setting | variable | default | allowed | meaning | a change takes effect |',
    '|---|---|---|---|---|---|',
    ...settings.map(row),
  ];
}

function row({ key, variable, node }: Setting): string {
  const fallback = node.default === undefined ? 'none' : `\`${JSON.stringify(node.default)}\``;
  // Only the administrator's files give these.
  const isFilesOnly = key === 'locked' || key === 'allowEnvironment';
  const cells = [
    `\`${key}\``,
    isFilesOnly ? '' : `\`${variable}\``,
    fallback,
    describeAllowed(node),
    node.description ?? '',
    describeEffect(key),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
