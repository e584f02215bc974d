import { homedir } from 'node:os';
import { isAppError } from '../shared/errors';
import { loadConfiguration, type ConfigurationSources } from './load-configuration';
import { defaultDataDirectory } from './platform-paths';
import { configSchema, type Configuration } from './schema';

export interface DiagnosedConfiguration {
  readonly config: Configuration;
  /** Why it is that of the defaults; absent when it is the service's own. */
  readonly fault?: string;
}

/** For commands that look for what is wrong: a configuration that cannot be used is one of the things to tell, not the end. */
export async function loadForDiagnosis(sources: ConfigurationSources): Promise<DiagnosedConfiguration> {
  try {
    return { config: await loadConfiguration(sources) };
  } catch (error) {
    if (!isAppError(error, 'configuration')) throw error;
    const dataDirectory = defaultDataDirectory({ platform: process.platform, env: process.env, homeDirectory: homedir() });
    return { config: { ...configSchema.parse({}), dataDirectory }, fault: error.message };
  }
}
