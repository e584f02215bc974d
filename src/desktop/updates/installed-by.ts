import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { ownAppImage } from '../../lib/own-app-image';

export interface InstallationFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the application's executable. */
  readonly executable: string;
  readonly productName: string;
  readonly exists?: (path: string) => boolean;
  /** Whether the user may put files into the folder. */
  readonly isWritable?: (folder: string) => boolean;
}

/**
 * What brings new versions to this installation, if not the application itself; `undefined` when it may. An MSI, deb or rpm belongs to
 * those who distribute it, and what a whole machine shares to its administrators: an update behind their back would leave two versions,
 * or ask an agent for an administrator's password.
 */
export function whoUpdates({
  platform,
  env,
  executable,
  productName,
  exists = existsSync,
  isWritable = mayWrite,
}: InstallationFacts): string | undefined {
  switch (platform) {
    case 'win32':
      // What the setup program leaves beside the application, and the MSI does not.
      if (!exists(path.win32.join(path.win32.dirname(executable), `Uninstall ${productName}.exe`))) return 'the MSI distribution';
      return isPerMachine(executable, env) ? 'the administrators, since it is installed for all users' : undefined;
    case 'linux': {
      const image = ownAppImage(env, executable);
      if (image === undefined) return 'the package manager';
      return isWritable(path.dirname(image)) ? undefined : 'whoever put the AppImage into a folder that is not the user’s';
    }
    case 'darwin': {
      // …/Name.app/Contents/MacOS/Name. Squirrel replaces the bundle in its folder, and asks for a password where it may not.
      const bundle = path.posix.resolve(executable, '../../..');
      const isOwn = isWritable(bundle) && isWritable(path.posix.dirname(bundle));
      return isOwn ? undefined : 'whoever put the application into a folder that is not the user’s';
    }
    default:
      return undefined;
  }
}

/** Below Program Files, in either of its forms, or wherever else `/allusers` can be told to go: not below the user's own folder. */
function isPerMachine(executable: string, env: InstallationFacts['env']): boolean {
  const programFolders = [env['ProgramFiles'], env['ProgramFiles(x86)'], env['ProgramW6432']];
  if (programFolders.some((folder) => isBelow(executable, folder))) return true;
  return !isBelow(executable, env['LOCALAPPDATA']);
}

function isBelow(file: string, folder: string | undefined): boolean {
  if (folder === undefined || folder === '') return false;
  // As Windows compares names; relative() does so too.
  const relative = path.win32.relative(folder, file);
  return relative !== '' && relative.split('\\')[0] !== '..' && !path.win32.isAbsolute(relative);
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false; // not ours to write in, or not there
  }
}
