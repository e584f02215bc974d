import { Updater, type UpdaterDeps } from './updater';

/** Off without `updates.url`, and where somebody else brings new versions. Loaded only when it is on: it is the largest part of the program that most installations never use. */
export async function createUpdater(
  deps: Omit<UpdaterDeps, 'updater' | 'url'> & { readonly url: string | undefined; readonly updatedBy: string | undefined },
): Promise<Updater | undefined> {
  const { url, updatedBy, ...rest } = deps;
  if (url === undefined) return undefined;
  if (updatedBy !== undefined) {
    deps.log.info('updates.url has no effect: this installation is updated otherwise', { updatedBy });
    return undefined;
  }
  const { autoUpdater } = await import('electron-updater');
  return new Updater({ ...rest, url, updater: autoUpdater });
}
