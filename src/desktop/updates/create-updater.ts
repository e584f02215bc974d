import { Updater, type UpdaterDeps } from './updater';

/** Off without `updates.url`. Loaded only when it is on: it is the largest part of the program that most installations never use. */
export async function createUpdater(
  deps: Omit<UpdaterDeps, 'updater' | 'url'> & { readonly url: string | undefined },
): Promise<Updater | undefined> {
  const { url, ...rest } = deps;
  if (url === undefined) return undefined;
  const { autoUpdater } = await import('electron-updater');
  return new Updater({ ...rest, url, updater: autoUpdater });
}
