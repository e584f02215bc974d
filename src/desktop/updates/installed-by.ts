import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface InstallationFacts {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the application's executable. */
  readonly executable: string;
  readonly productName: string;
  readonly exists?: (path: string) => boolean;
}

/**
 * What brings new versions to this installation, if not the application itself; `undefined` when it may. An MSI, deb or rpm belongs to
 * those who distribute it: an update behind their back would leave two versions, or ask an agent for an administrator's password.
 */
export function whoUpdates({ platform, env, executable, productName, exists = existsSync }: InstallationFacts): string | undefined {
  switch (platform) {
    case 'win32':
      // What the setup program leaves beside the application, and the MSI does not.
      return exists(join(dirname(executable), `Uninstall ${productName}.exe`)) ? undefined : 'the MSI distribution';
    case 'linux':
      return env['APPIMAGE'] === undefined ? 'the package manager' : undefined;
    default:
      return undefined;
  }
}
