import { basename } from 'node:path';

/** Whether this is the packaged application, as Electron's `app.isPackaged` tells: its program is not called electron. */
export function isInstalledProgram(
  { electron }: Readonly<Record<string, string | undefined>> = process.versions,
  execPath = process.execPath,
): boolean {
  return electron !== undefined && !/^electron(\.exe)?$/i.test(basename(execPath));
}
