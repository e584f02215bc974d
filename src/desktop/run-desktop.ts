import { app, dialog, Menu, type MenuItemConstructorOptions } from 'electron';
import { homedir } from 'node:os';
import { loadConfiguration } from '../config/load-configuration';
import { LiveConfiguration } from '../config/live-configuration';
import { DirectoryClaim } from '../host/directory-claim';
import type { Host, HostDeps } from '../host/host';
import type { OwnedKeychain } from '../lib/keychain';
import { createLogger, type Logger } from '../lib/logger';
import { packageVersion } from '../lib/package-version';
import { standardErrorSink, standardOutputSink } from '../lib/standard-streams';
import { describeError, isAppError } from '../shared/errors';
import type { Translator } from '../shared/translate';
import { omitUndefined } from '../shared/omit-undefined';
import { createDesktopApp, type DesktopApp } from './desktop-app';
import { chooseTranslator } from './languages';
import { installCrashHandlers } from './life/crash-handlers';
import { recordStartFailure } from './life/start-failure';
import { openLogFiles, type LogFiles } from './log-files';
import { parseStartOptions, profileDirectory, type StartOptions } from './start-options';
import { registerAppScheme } from './windows/app-protocol';
import { forbidNavigation } from './windows/page-security';
import { EXIT_DONE, EXIT_FAILED, EXIT_USAGE } from '../shared/exit-codes';

export interface RunDesktopOptions {
  readonly composeHost: (deps: HostDeps) => Host;
  readonly createKeychain: (log: Logger) => OwnedKeychain;
  /** Holds `renderer/`, `capture/` and `preload/`. */
  readonly pagesDirectory: string;
  readonly assetsDirectory: string;
}

/** `appId` of electron-builder.yml. */
const APP_USER_MODEL_ID = 'org.screenrecordingservice.desktop';

const MAC_MENU: MenuItemConstructorOptions[] = [{ role: 'appMenu' }, { role: 'editMenu' }, { role: 'windowMenu' }];

/** The Electron application from its first line to its last. */
export async function runDesktop(options: RunDesktopOptions): Promise<void> {
  const start = parseStartOptions(process.argv, process.cwd());
  let desktop: DesktopApp | undefined;

  // 1. One instance; a second start shows the first one's window
  // The start menu's shortcut carries the same: Windows shows notices for nobody else.
  app.setAppUserModelId(APP_USER_MODEL_ID);
  app.setPath('userData', profileDirectory(start, { platform: process.platform, env: process.env, homeDirectory: homedir() }));
  if (!app.requestSingleInstanceLock()) return app.exit(EXIT_DONE);
  app.on('second-instance', (_event, argv, directory) => {
    if (!parseStartOptions(argv, directory).isAtLogin) void desktop?.showStatus();
  });

  // 2. What has to be said before Electron is ready
  registerAppScheme();
  // A signal to every process of the program, as at the end of a systemd session, ends the GPU process first. Chromium then starts it anew, and
  // after six failures would end the program before the recording is finished.
  app.commandLine.appendSwitch('disable-gpu-process-crash-limit');
  app.on('window-all-closed', () => undefined); // the tray stays
  app.on('activate', () => void desktop?.showStatus());
  const onSignal = (): void => void (desktop?.shutDown() ?? app.exit(EXIT_DONE));
  listenForSignals(onSignal);

  try {
    // 3. Configuration, log, crash handlers
    const sources = omitUndefined({ file: start.configFile });
    const live = new LiveConfiguration(await loadConfiguration(sources), sources);
    const config = live.settings;
    if (start.isAtLogin && !config.autoStart) return app.exit(EXIT_DONE);
    const files = openLogFiles(config.dataDirectory);
    const log = createLogger(() => config.log.level, app.isPackaged ? [files] : [files, standardErrorSink()]);
    installCrashHandlers({ app, reportDirectory: files.directory, packageVersion, log: log.child('life') });
    app.on('quit', () => void files.close());
    const directory = await DirectoryClaim.make(config.dataDirectory);
    app.on('quit', () => void directory.release());

    // 4. Electron
    await app.whenReady();
    listenForSignals(onSignal);
    forbidNavigation(app, log.child('window'));
    // macOS takes the keys for closing and copying from the menu; elsewhere a window of ours has none.
    Menu.setApplicationMenu(process.platform === 'darwin' ? Menu.buildFromTemplate(MAC_MENU) : null);
    app.dock?.hide();

    // 5. Service, tray, window
    desktop = createDesktopApp(composition(options, start, { live, log, files, directory }));
    await desktop.start();
    if (start.isShown) await desktop.showStatus();
  } catch (error) {
    await recordStartFailure(error);
    await failToStart(error, translatorFor(start));
  }
}

/**
 * Listens for what ends a session or a service. Call it again when Electron is ready: Chromium has then put its own handlers in place of ours,
 * which make a wish to quit of every signal. Node installs its handler only with the first listener, so the old one goes first.
 */
function listenForSignals(onSignal: () => void): void {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.off(signal, onSignal).on(signal, onSignal);
}

interface Opened {
  readonly live: LiveConfiguration;
  readonly log: Logger;
  readonly files: LogFiles;
  readonly directory: DirectoryClaim;
}

function composition(options: RunDesktopOptions, start: StartOptions, { live, log, files, directory }: Opened) {
  return {
    ...options,
    keychain: options.createKeychain(log.child('keychain')),
    live,
    translator: translatorFor(start),
    log,
    directory,
    logDirectory: files.directory,
    isDemo: start.isDemo,
    isInstalled: app.isPackaged,
    hasOwnConfigFile: start.configFile !== undefined,
    onListening: (addresses: readonly string[]) =>
      standardOutputSink().write(addresses.map((address) => `listening ${address}\n`).join('')),
  };
}

function translatorFor({ language }: StartOptions): Translator {
  return chooseTranslator(language === undefined ? app.getPreferredSystemLanguages() : [language]);
}

async function failToStart(error: unknown, translator: Translator): Promise<void> {
  process.stderr.write(`srs: ${describeError(error)}\n`);
  // A terminal or a script waits for an exit code; a person who clicked needs to see something.
  if (app.isPackaged) {
    await app.whenReady();
    dialog.showErrorBox(translator.text('startup.failed'), describeError(error));
  }
  app.exit(isAppError(error, 'configuration') ? EXIT_USAGE : EXIT_FAILED);
}
