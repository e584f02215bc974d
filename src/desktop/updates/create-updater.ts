import { app } from 'electron';
import { join } from 'node:path';
import { relaunch } from '../life/relaunch';
import { InstallAttemptFile } from './install-attempts';
import { Updater, type UpdaterDeps } from './updater';
import { EXIT_DONE } from '../../shared/exit-codes';

/** Off without `updates.url`, and where somebody else brings new versions. Loaded only when it is on: it is the largest part of the program that most installations never use. */
export async function createUpdater(
  deps: Omit<UpdaterDeps, 'updater' | 'url' | 'restart' | 'attempts'> & {
    readonly url: string | undefined;
    readonly updatedBy: string | undefined;
  },
): Promise<Updater | undefined> {
  const { url, updatedBy, ...rest } = deps;
  if (url === undefined) return undefined;
  if (updatedBy !== undefined) {
    deps.log.info('updates.url has no effect: this installation is updated otherwise', { updatedBy });
    return undefined;
  }
  const { AppImageUpdater, autoUpdater } = await import('electron-updater');
  return new Updater({
    ...rest,
    url,
    // On Linux autoUpdater goes by a file that making a deb may leave in the tree the AppImage is made of.
    updater: process.platform === 'linux' ? new AppImageUpdater() : autoUpdater,
    attempts: new InstallAttemptFile(join(app.getPath('userData'), 'update.json')),
    restart: () => {
      relaunch({ app, argv: process.argv, env: process.env });
      app.exit(EXIT_DONE);
    },
  });
}
