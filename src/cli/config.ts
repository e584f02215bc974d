import { Command } from 'commander';
import { configurationJsonSchema } from '../config/json-schema';
import { readConfiguration } from '../config/load-configuration';

/** `srs config check [FILE]` and `srs config schema` (config-and-cli.md, *Command line*). */
export function configCommand(): Command {
  const config = new Command('config').description('check the configuration, or print its JSON schema');
  config
    .command('check')
    .description('read the configuration as the service would and say what is wrong with it; changes nothing')
    .argument('[file]', 'this file instead of the machine’s and the user’s')
    .action(async (file: string | undefined) => {
      process.stdout.write(`${await describeConfiguration(file)}\n`);
    });
  config
    .command('schema')
    .description('print the JSON schema of a configuration file')
    .action(() => {
      process.stdout.write(`${JSON.stringify(configurationJsonSchema(), null, 2)}\n`);
    });
  return config;
}

async function describeConfiguration(file: string | undefined): Promise<string> {
  const { config, files, refused } = await readConfiguration(file === undefined ? {} : { file });
  return [
    files.length === 0 ? 'No configuration file: every setting has its default.' : `Read ${files.join(', ')}.`,
    ...refused.map(({ key, source }) => `${key} from ${source} is not used: the machine-wide file locks it.`),
    `Data directory: ${config.dataDirectory}`,
    'The configuration is good.',
  ].join('\n');
}
