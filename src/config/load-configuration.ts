import { homedir } from 'node:os';
import { join } from 'node:path';
import { AuthorityFileError, readAuthorityFile } from '../lib/authority-file';
import { isDiskFull } from '../lib/disk-full';
import { isInstalledProgram } from '../lib/installed-program';
import { omitUndefined } from '../shared/omit-undefined';
import { readConfigFile, type FileResult, type FileRules } from './config-file';
import { checkTogether } from './cross-checks';
import { prepareDataDirectory } from './data-directory';
import { readEnvironment } from './environment';
import { ConfigurationError, type ConfigurationProblem } from './errors';
import { lockedPart, mergeLayers, unflatten, type Layer, type MergedLayers } from './layers';
import { readPolicies } from './policies';
import { defaultDataDirectory, expandPath, machineConfigFile, policyPlace, type Environment, type PlatformInfo } from './platform-paths';
import type { PortVariables } from './port-sum';
import { configSchema, type Configuration } from './schema';
import { computePorts } from './session-ports';

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
  /** An installed program takes no settings from its environment, unless machine-wide file or policies say `allowEnvironment`. */
  readonly isInstalled?: boolean;
  /** What stands for `${UID}` and `${SESSIONID}` in a port; for tests. */
  readonly portVariables?: PortVariables;
  /** Other places than the platform's own, for tests: there this user may own what is an administrator's. */
  readonly machineFile?: string;
  readonly userFile?: string;
  readonly policies?: string;
}

export interface ReadConfiguration {
  readonly config: Configuration;
  /** The files that were there, in their order. */
  readonly files: readonly string[];
  readonly merged: MergedLayers;
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
  const here = platformInfo(sources);
  const found = new FoundLayers();
  const { machine, policies } = await readAdministrators(sources, here, found);
  const environment = readEnvironmentLayer(sources, here, [...policies, ...present(machine)], found);
  const layers = [...policies];
  if (sources.file !== undefined) {
    const file = found.take(await readConfigFile(expandPath(sources.file, sources.workingDirectory ?? process.cwd(), here)));
    layers.push(...present(machine && lockedPart(machine), file));
  } else {
    const above = mergeLayers([...policies, ...present(machine, environment)]);
    const path = sources.userFile ?? join(dataDirectoryOf(above, here), 'config.json');
    layers.push(...present(machine, found.take(await readConfigFile(path, { isOptional: true, isUserFile: true }))));
  }
  const ports = await computePorts(mergeLayers([...layers, ...present(environment)]), here, sources.portVariables);
  const { merged } = ports;
  const problems = [...found.problems, ...ports.problems, ...checkTogether(merged.settings), ...(await checkAuthorityFile(merged, here))];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { config: fill(merged, here, found.unknown), files: layers.map(({ source }) => source), merged };
}

/** Collects what is wrong with one source after the other. */
class FoundLayers {
  readonly problems: ConfigurationProblem[] = [];
  readonly unknown: ConfigurationProblem[] = [];

  take(result: FileResult): Layer | undefined {
    if ('problems' in result) {
      this.problems.push(...result.problems);
      return undefined;
    }
    this.unknown.push(...result.unknown);
    return result.layer;
  }
}

interface AdministratorLayers {
  readonly machine: Layer | undefined;
  /** The strongest first. */
  readonly policies: readonly Layer[];
}

async function readAdministrators(sources: ConfigurationSources, here: PlatformInfo, found: FoundLayers): Promise<AdministratorLayers> {
  const rules = (place: string | undefined): FileRules => {
    const own = place === undefined ? undefined : process.getuid?.();
    return { isOptional: true, isAdministrators: omitUndefined({ platform: process.platform, own }) };
  };
  const machine = await readConfigFile(sources.machineFile ?? machineConfigFile(here), rules(sources.machineFile));
  const place = sources.policies ?? policyPlace(here.platform);
  const policies = await readPolicies(here.platform, place, { ...rules(sources.policies), isFixed: true });
  return { machine: found.take(machine), policies: policies.flatMap((policy) => present(found.take(policy))) };
}

function readEnvironmentLayer(
  { isInstalled = isInstalledProgram(), workingDirectory = process.cwd() }: ConfigurationSources,
  { env }: PlatformInfo,
  administrators: readonly Layer[],
  found: FoundLayers,
): Layer | undefined {
  const isAllowed = !isInstalled || administrators.some(({ values }) => values.get('allowEnvironment') === true);
  if (!isAllowed) return undefined;
  const { layer, problems, unknown } = readEnvironment(env, workingDirectory);
  found.problems.push(...problems);
  found.unknown.push(...unknown);
  return layer;
}

function platformInfo({ env = process.env, platform = process.platform, homeDirectory = homedir() }: ConfigurationSources): PlatformInfo {
  return { env, platform, homeDirectory };
}

function present(...layers: readonly (Layer | undefined)[]): Layer[] {
  return layers.filter((layer) => layer !== undefined);
}

function fill(merged: MergedLayers, here: PlatformInfo, unknown: readonly ConfigurationProblem[]): Configuration {
  const values = new Map([...merged.settings].map(([key, { value }]) => [key, value]));
  for (const key of PATH_SETTINGS) {
    const path = pathOf(key, merged, here);
    if (path !== undefined) values.set(key, path);
  }
  const dataDirectory = dataDirectoryOf(merged, here);
  return { ...configSchema.parse(unflatten(values)), dataDirectory, notUsed: { unknown, refused: merged.refused } };
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
