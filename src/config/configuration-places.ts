import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { errnoOf } from '../lib/errno-of';
import { describeError } from '../shared/errors';
import { MAX_CONFIG_FILE_BYTES } from './config-file';
import type { ConfigurationSources } from './load-configuration';
import { expandPath, machineConfigFile, policyPlace } from './platform-paths';
import { readWindowsPolicyValues } from './policies';

/** Where a configuration comes from, for whoever watches it. */
export interface ConfigurationPlaces {
  /** The machine-wide file, the user's or the named one, and on macOS that of the policies; each may be missing. */
  readonly files: readonly string[];
  /** A folder whose `*.json` are policies. */
  readonly policyFolder?: string;
  /** Policies are in the registry, which no file tells of. */
  readonly isRegistry: boolean;
}

export function configurationPlaces(sources: ConfigurationSources, dataDirectory: string): ConfigurationPlaces {
  const { env = process.env, platform = process.platform, homeDirectory = homedir() } = sources;
  const here = { env, platform, homeDirectory };
  const own =
    sources.file === undefined
      ? (sources.userFile ?? join(dataDirectory, 'config.json'))
      : expandPath(sources.file, sources.workingDirectory ?? process.cwd(), here);
  const files = [sources.machineFile ?? machineConfigFile(here), own];
  const policies = sources.policies ?? policyPlace(platform);
  if (platform === 'win32') return { files, isRegistry: true };
  if (platform === 'darwin') return { files: [...files, policies], isRegistry: false };
  return { files, policyFolder: policies, isRegistry: false };
}

/**
 * What files and folder hold, who may change them and when they were written, as one short text: another one when any of that changed. Never
 * rejects. Of a file that is too long to be read, and of what is no file, the outside counts.
 */
export async function fingerprintOfFiles({ files, policyFolder }: ConfigurationPlaces): Promise<string> {
  const names = policyFolder === undefined ? [] : await readdir(policyFolder).catch(() => []);
  const policies = names.filter((name) => name.endsWith('.json')).sort();
  const paths = [...files, ...policies.map((name) => join(policyFolder ?? '', name))];
  const parts = await Promise.all(paths.map(describeFile));
  return digest(JSON.stringify([policies, parts]));
}

/** The same of the policies in the registry. */
export async function fingerprintOfRegistry(): Promise<string> {
  try {
    return digest(JSON.stringify([...((await readWindowsPolicyValues()) ?? [])]));
  } catch (error) {
    return describeError(error);
  }
}

async function describeFile(path: string): Promise<readonly (string | number)[]> {
  try {
    const [file, folder] = await Promise.all([stat(path), stat(dirname(path))]);
    const content = file.isFile() && file.size <= MAX_CONFIG_FILE_BYTES ? digest(await readFile(path)) : 'not read';
    return [file.mode, file.uid, file.gid, file.size, file.mtimeMs, folder.mode, folder.uid, folder.gid, content];
  } catch (error) {
    return [errnoOf(error) ?? 'unknown error'];
  }
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url');
}
