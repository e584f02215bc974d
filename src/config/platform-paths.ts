import { posix, win32 } from 'node:path';

/** Environment variables as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface PlatformInfo {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
  readonly homeDirectory: string;
}

/** Where the machine-wide file is (config-and-cli.md, *Configuration*). */
export function machineConfigFile({ platform, env }: PlatformInfo): string {
  if (platform === 'win32') return win32.join(env['ProgramData'] ?? 'C:\\ProgramData', 'ScreenRecordingService', 'config.json');
  if (platform === 'darwin') return '/Library/Application Support/ScreenRecordingService/config.json';
  return '/etc/screen-recording-service/config.json';
}

export const WINDOWS_POLICY_KEY = 'HKLM\\Software\\Policies\\ScreenRecordingService';

/** Where policies are: a folder of files, a managed-preferences file, or a registry key (config-and-cli.md, *Policies*). */
export function policyPlace(platform: NodeJS.Platform): string {
  if (platform === 'win32') return WINDOWS_POLICY_KEY;
  if (platform === 'darwin') return '/Library/Managed Preferences/org.screenrecordingservice.desktop.plist';
  return '/etc/screen-recording-service/policies';
}

/** The per-user folder for the spool, logs, status token and certificate when `dataDirectory` is not set. */
export function defaultDataDirectory({ platform, env, homeDirectory }: PlatformInfo): string {
  if (platform === 'win32') {
    return win32.join(env['LOCALAPPDATA'] ?? win32.join(homeDirectory, 'AppData', 'Local'), 'ScreenRecordingService');
  }
  if (platform === 'darwin') return posix.join(homeDirectory, 'Library', 'Application Support', 'ScreenRecordingService');
  const xdg = env['XDG_DATA_HOME'];
  // The XDG rules: a relative value is to be ignored.
  const base = xdg !== undefined && posix.isAbsolute(xdg) ? xdg : posix.join(homeDirectory, '.local', 'share');
  return posix.join(base, 'screen-recording-service');
}

/**
 * Makes a path of a setting absolute: a leading `~`, `%NAME%` and `${NAME}` are filled in, so that one machine-wide file serves every user;
 * what is then relative is taken from `baseDirectory`. A variable that is not set stays as it is written.
 */
export function expandPath(path: string, baseDirectory: string, { platform, env, homeDirectory }: PlatformInfo): string {
  const { join, isAbsolute, resolve } = platform === 'win32' ? win32 : posix;
  const filled = path
    .replace(/%([A-Za-z_][A-Za-z0-9_]*)%|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, a?: string, b?: string) => env[a ?? b ?? ''] ?? whole)
    .replace(/^~(?=[/\\]|$)/, () => homeDirectory);
  return isAbsolute(filled) ? join(filled) : resolve(baseDirectory, filled);
}
