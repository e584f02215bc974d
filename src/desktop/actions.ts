import type { App, Dialog, Shell } from 'electron';
import type { Host } from '../host/host';
import type { Logger } from '../lib/logger';
import type { AppAction } from '../shared/actions';
import { describeError } from '../shared/errors';
import type { Translator } from '../shared/translate';
import { relaunch } from './life/relaunch';
import type { QuitCoordinator } from './life/quit-coordinator';

export interface ActionsDeps {
  readonly app: App;
  readonly dialog: Dialog;
  readonly shell: Shell;
  readonly platform: NodeJS.Platform;
  readonly translator: Translator;
  readonly host: Host;
  readonly quit: QuitCoordinator;
  readonly logDirectory: string;
  readonly dataDirectory: string;
  readonly showStatus: () => Promise<void>;
  readonly toggleAutoStart: () => Promise<void>;
  readonly collectDiagnostics: () => Promise<void>;
  readonly checkForUpdates: () => Promise<void>;
  readonly log: Logger;
}

/** The system's page where screen recording is allowed. Elsewhere there is no such switch. */
const MAC_SCREEN_SETTINGS = 'x-apple.systempreferences:com.apple.preference.security?Privacy_ScreenCapture';

/** What each action does, whether the tray's menu or the window asked for it. Never throws: a failure is logged. */
export function createActions(deps: ActionsDeps): (action: AppAction) => Promise<void> {
  const { app, dialog, shell, translator, host } = deps;
  const openFolder = async (folder: string): Promise<void> => {
    const failure = await shell.openPath(folder);
    if (failure === '') return;
    deps.log.warn('a folder could not be opened', { folder, failure });
    await dialog.showMessageBox({
      type: 'warning',
      message: translator.text('folder.failed'),
      detail: translator.text('folder.failedDetail', { folder }),
      buttons: [translator.text('dialog.ok')],
    });
  };
  const actions: Readonly<Record<AppAction, () => Promise<void>>> = {
    showStatus: deps.showStatus,
    openLogs: () => openFolder(deps.logDirectory),
    openDataFolder: () => openFolder(deps.dataDirectory),
    collectDiagnostics: deps.collectDiagnostics,
    reconnect: async () => host.power.networkChanged(),
    retryUploads: async () => void (await host.service.retryUploads()),
    openScreenSettings: async () => {
      if (deps.platform === 'darwin') return shell.openExternal(MAC_SCREEN_SETTINGS);
      await dialog.showMessageBox({
        type: 'info',
        message: translator.text('permission.title'),
        detail: translator.text('permission.detail'),
        buttons: [translator.text('dialog.ok')],
      });
    },
    restart: async () => {
      await deps.quit.restart(() => relaunch({ app, argv: process.argv, env: process.env }));
    },
    checkForUpdates: deps.checkForUpdates,
    toggleAutoStart: deps.toggleAutoStart,
    about: async () => {
      const { version, packageVersion } = host.service.snapshot();
      await dialog.showMessageBox({
        type: 'info',
        title: translator.text('action.about'),
        message: translator.text('about.message', { version: packageVersion }),
        detail: translator.text('about.detail', { protocol: version }),
        buttons: [translator.text('dialog.ok')],
      });
    },
    quit: () => deps.quit.request('user'),
  };
  return async (action) => {
    deps.log.info('action', { action });
    await actions[action]().catch((error: unknown) => deps.log.error('an action failed', { action, reason: describeError(error) }));
  };
}
