import { homedir } from 'node:os';
import { join } from 'node:path';
import { AuthorityFileError, readAuthorityFile } from '../lib/authority-file';
import { readConfigFile, type FileRules } from './config-file';
import { isDiskFull } from '../lib/disk-full';
import { checkTogether } from './cross-checks';
import { prepareDataDirectory } from './data-directory';
import { readEnvironment } from './environment';
import { ConfigurationError, type ConfigurationProblem } from './errors';
import { lockedPart, mergeLayers, unflatten, type Layer, type MergedLayers } from './layers';
import { defaultDataDirectory, expandPath, machineConfigFile, type Environment, type PlatformInfo } from './platform-paths';
import { configSchema, type Configuration } from './schema';

const PATH_SETTINGS = ['https.certificate', 'https.key', 'https.pfx', 'rws.ca', 'dataDirectory'] as const;

export interface ConfigurationSources {
  /** `--config FILE`: read instead of the machine-wide and the per-user file. What the machine-wide file locks holds all the same. */
  readonly file?: string;
  /** This process's own, this system and this user's home folder unless a test says otherwise. */
  readonly env?: Environment;
  readonly platform?: NodeJS.Platform;
  readonly homeDirectory?: string;
  /** Relative paths in `env` and `file` start here; the process's own folder by default. */
  readonly workingDirectory?: string;
  /** Other places than the platform's own, for tests. */
  readonly machineFile?: string;
  readonly userFile?: string;
}

export interface ReadConfiguration {
  readonly config: Configuration;
  /** The files that were there, in their order. */
  readonly files: readonly string[];
  /** Settings a lock of the machine-wide file kept out. */
  readonly refused: MergedLayers['refused'];
}

/**
 * The settings the program runs with (config-and-cli.md, *Configuration*), the data directory made, owner-only.
 * Throws `ConfigurationError` with everything that is wrong, `AppError` `configuration` for a data directory that is not this user's alone.
 */
export async function loadConfiguration(sources: ConfigurationSources = {}): Promise<Configuration> {
  const { config } = await readConfiguration(sources);
  const here = platformInfo(sources);
  const isDefault = config.dataDirectory === defaultDataDirectory(here);
  await prepareDataDirectory(config.dataDirectory, isDefault, here.platform).catch((error: unknown) => {
    if (!isDiskFull(error)) throw error; // the program runs all the same, and makes it when there is room
  });
  return config;
}

/** The same, and nothing on disk is changed. */
export async function readConfiguration(sources: ConfigurationSources = {}): Promise<ReadConfiguration> {
  const problems: ConfigurationProblem[] = [];
  const read = async (path: string, rules?: FileRules): Promise<Layer | undefined> => {
    const result = await readConfigFile(path, rules);
    if ('layer' in result) return result.layer;
    problems.push(...result.problems);
    return undefined;
  };
  const here = platformInfo(sources);
  const workingDirectory = sources.workingDirectory ?? process.cwd();
  const environment = readEnvironment(here.env, workingDirectory);
  problems.push(...environment.problems);
  const machine = await read(sources.machineFile ?? machineConfigFile(here), { isOptional: true });
  const layers: Layer[] = [];
  if (sources.file !== undefined) {
    const file = await read(expandPath(sources.file, workingDirectory, here));
    layers.push(...present(machine && lockedPart(machine), file));
  } else {
    const above = mergeLayers(present(machine, environment.layer));
    const user = await read(sources.userFile ?? join(dataDirectoryOf(above, here), 'config.json'), {
      isOptional: true,
      isUserFile: true,
    });
    layers.push(...present(machine, user));
  }
  const merged = mergeLayers([...layers, environment.layer]);
  problems.push(...checkTogether(merged.settings), ...(await checkAuthorityFile(merged, here)));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { config: fill(merged, here), files: layers.map(({ source }) => source), refused: merged.refused };
}

function platformInfo({ env = process.env, platform = process.platform, homeDirectory = homedir() }: ConfigurationSources): PlatformInfo {
  return { env, platform, homeDirectory };
}

function present(...layers: readonly (Layer | undefined)[]): Layer[] {
  return layers.filter((layer) => layer !== undefined);
}

function fill(merged: MergedLayers, here: PlatformInfo): Configuration {
  const values = new Map([...merged.settings].map(([key, { value }]) => [key, value]));
  for (const key of PATH_SETTINGS) {
    const path = pathOf(key, merged, here);
    if (path !== undefined) values.set(key, path);
  }
  return { ...configSchema.parse(unflatten(values)), dataDirectory: dataDirectoryOf(merged, here) };
}

function dataDirectoryOf(merged: MergedLayers, here: PlatformInfo): string {
  return pathOf('dataDirectory', merged, here) ?? defaultDataDirectory(here);
}

function pathOf(key: (typeof PATH_SETTINGS)[number], { settings }: MergedLayers, here: PlatformInfo): string | undefined {
  const setting = settings.get(key);
  return setting === undefined ? undefined : expandPath(String(setting.value), setting.layer.baseDirectory, here);
}

/** Whoever sets `rws.ca` shall hear at once that it is no good, not when the first agent signs in. */
async function checkAuthorityFile(merged: MergedLayers, here: PlatformInfo): Promise<readonly ConfigurationProblem[]> {
  const path = pathOf('rws.ca', merged, here);
  if (path === undefined) return [];
  try {
    await readAuthorityFile(path);
    return [];
  } catch (error) {
    if (!(error instanceof AuthorityFileError)) throw error;
    const source = merged.settings.get('rws.ca')?.layer.source ?? 'defaults';
    return [{ source, key: 'rws.ca', text: `names ${path}, which ${error.message}` }];
  }
}
