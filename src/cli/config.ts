import { Command } from 'commander';
import { configurationJsonSchema } from '../config/json-schema';
import { ConfigurationError, describeProblem } from '../config/errors';
import { explainSettings } from '../config/explain-settings';
import type { MergedLayers } from '../config/layers';
import { readConfiguration } from '../config/load-configuration';
import { omitUndefined } from '../shared/omit-undefined';
import { EXIT_USAGE } from '../shared/exit-codes';

/** `srs config check [FILE]` and `srs config schema` (config-and-cli.md, *Command line*). */
export function configCommand(): Command {
  const config = new Command('config').description('check the configuration, or print its JSON schema');
  config
    .command('check')
    .description('read the configuration as the service would and say what is wrong with it; changes nothing')
    .argument('[file]', 'this file instead of the machine’s and the user’s')
    .option('--explain', 'for every setting: its value, which source set it, and which others it overrode')
    .option('--json', 'the outcome as JSON')
    .action(async (file: string | undefined, { explain, json }: { explain?: boolean; json?: boolean }) => {
      if (json === true) return checkAsJson(file);
      process.stdout.write(`${await describeConfiguration(file, explain === true)}\n`);
    });
  config
    .command('schema')
    .description('print the JSON schema of a configuration file')
    .action(() => {
      process.stdout.write(`${JSON.stringify(configurationJsonSchema(), null, 2)}\n`);
    });
  return config;
}

/** What is wrong is on stdout too then; the exit code is the same. */
async function checkAsJson(file: string | undefined): Promise<void> {
  try {
    const { config, files, merged } = await readConfiguration(file === undefined ? {} : { file });
    const { notUsed, ...settings } = config;
    printJson({ isGood: true, problems: [], unknown: notUsed?.unknown ?? [], refused: merged.refused, files, settings });
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    printJson({ isGood: false, problems: error.problems });
    process.exitCode = EXIT_USAGE;
  }
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

async function describeConfiguration(file: string | undefined, isExplained: boolean): Promise<string> {
  const { config, files, merged } = await readConfiguration(omitUndefined({ file }));
  return [
    files.length === 0 ? 'No configuration file: every setting has its default.' : `Read ${files.join(', ')}.`,
    ...(config.notUsed?.unknown ?? []).map((unknown) => `Not used:${describeProblem(unknown).slice(1)}`),
    ...merged.refused.map(({ key, source }) => `${key} from ${source} is not used: ${lockOf(key, merged)} fixes it.`),
    ...(isExplained ? explainSettings(config, merged) : []),
    `Data directory: ${config.dataDirectory}`,
    'The configuration is good.',
  ].join('\n');
}

/** Where the value that holds comes from. */
function lockOf(key: string, { settings }: MergedLayers): string {
  return settings.get(key)?.layer.source ?? settings.get('locked')?.layer.source ?? 'the machine-wide file';
}
