import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultDataDirectory, type PlatformInfo } from '../config/platform-paths';

export interface StartOptions {
  /** `--config FILE` */
  readonly configFile?: string;
  /** Started with the built-in simulator beside it. */
  readonly isDemo: boolean;
  /** Started by the system at login (`LOGIN_ARGUMENT`). */
  readonly isAtLogin: boolean;
  /** Show the status window at once; at login the program starts hidden. */
  readonly isShown: boolean;
  /** `--lang TAG`: instead of the system's languages. */
  readonly language?: string;
}

/**
 * Reads the arguments of a process; what is not ours (Chromium's, Electron's own) is passed over.
 * @param directory what a relative `--config` starts from: the process's working directory
 */
export function parseStartOptions(argv: readonly string[], directory: string): StartOptions {
  const { values } = parseArgs({
    args: argv.slice(1),
    options: {
      config: { type: 'string' },
      demo: { type: 'boolean' },
      login: { type: 'boolean' },
      show: { type: 'boolean' },
      lang: { type: 'string' },
    },
    strict: false,
    allowPositionals: true,
  });
  return {
    ...(typeof values['config'] === 'string' ? { configFile: resolve(directory, values['config']) } : {}),
    isDemo: values['demo'] === true,
    isAtLogin: values['login'] === true,
    isShown: values['show'] === true,
    ...(typeof values['lang'] === 'string' ? { language: values['lang'] } : {}),
  };
}

/**
 * Where Chromium's profile and the lock of the single instance are. Known before any file is read, since the lock comes first:
 * one instance per user, and one for each configuration that is named on the command line, however it is spelt.
 */
export function profileDirectory(options: StartOptions, platform: PlatformInfo): string {
  const special = [options.configFile, platform.env['SRS_DATA_DIRECTORY']].map((path) => (path ? realPlace(path) : ''));
  const suffix = special.every((part) => part === '')
    ? ''
    : `-${createHash('sha256').update(special.join('\n')).digest('hex').slice(0, 12)}`;
  return join(defaultDataDirectory(platform), `desktop${suffix}`);
}

function realPlace(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path); // not there, or not yet
  }
}
