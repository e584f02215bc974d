import { app, desktopCapturer, dialog, powerMonitor, screen, shell, systemPreferences } from 'electron';
import { join } from 'node:path';
import { dataPaths } from '../config/data-paths';
import type { LiveConfiguration } from '../config/live-configuration';
import type { DirectoryClaim } from '../host/directory-claim';
import type { Host, HostDeps } from '../host/host';
import { SystemClock } from '../lib/clock';
import type { OwnedKeychain } from '../lib/keychain';
import type { Logger } from '../lib/logger';
import { createPageCapture } from '../screen/page-capture';
import type { Snapshot } from '../shared/snapshot';
import type { Translator } from '../shared/translate';
import { letRest, ownXDisplay } from '../x11/let-rest';
import { createActions } from './actions';
import { ElectronCapturePage } from './capture/electron-capture-page';
import { collectDiagnostics } from './collect-diagnostics';
import { QuitCoordinator } from './life/quit-coordinator';
import { describeError } from '../shared/errors';
import { notListening } from './not-listening';
import { Notifier } from './notices/notifier';
import { allDisplays } from './platform/displays';
import { createAutoStart } from './start-at-login/create-auto-start';
import { ownWindows } from './platform/own-windows';
import { reportScreenPermission } from './platform/screen-permission';
import { StartAtLogin } from './start-at-login/start-at-login';
import { systemProxy } from './platform/system-proxy';
import { followSystemEvents } from './platform/system-events';
import { reportPartOfScreen } from './platform/whole-screen';
import { AppTray } from './tray/app-tray';
import { loadTrayIcons } from './tray/tray-icons';
import { trayModel } from './tray/tray-model';
import { RecordingInSight } from './tray/recording-in-sight';
import { hasTrayPlace } from './tray/tray-place';
import { WhileRecording } from './tray/while-recording';
import { createUpdater } from './updates/create-updater';
import { whoUpdates } from './updates/installed-by';
import type { Updater } from './updates/updater';
import { StatusWindow } from './windows/status-window';

export interface DesktopAppDeps {
  readonly live: LiveConfiguration;
  readonly composeHost: (deps: HostDeps) => Host;
  readonly keychain: OwnedKeychain;
  readonly translator: Translator;
  readonly log: Logger;
  readonly directory: DirectoryClaim;
  readonly logDirectory: string;
  readonly isDemo: boolean;
  /** Installed, not run from a checkout. */
  readonly isInstalled: boolean;
  /** Run with a configuration file of its own (`--config`). */
  readonly hasOwnConfigFile: boolean;
  /** Holds `renderer/`, `capture/` and `preload/`. */
  readonly pagesDirectory: string;
  readonly assetsDirectory: string;
  /** Called with the addresses once it listens. */
  readonly onListening: (addresses: readonly string[]) => void;
}

export interface DesktopApp {
  /** Listens, shows the tray; also when a port is taken, which the tray then shows. */
  start(): Promise<void>;
  showStatus(): Promise<void>;
  /** Ends the program because the system wants it (a signal). */
  shutDown(): Promise<void>;
}

/** The composition root of the Electron application. Call it when Electron is ready. */
export function createDesktopApp(deps: DesktopAppDeps): DesktopApp {
  const { live, keychain, log, translator, pagesDirectory } = deps;
  const config = live.settings;
  const clock = new SystemClock();

  // 1. The service, recording through a hidden window
  const display = ownXDisplay(process.platform, process.env);
  const windows = ownWindows(pagesDirectory);
  const page = new ElectronCapturePage({ pagesDirectory, display, log: log.child('capture') });
  const capture = createPageCapture({
    page: letRest(page, { display, log: log.child('capture') }),
    windows,
    clock,
    log: log.child('capture'),
  });
  const host = deps.composeHost({ config, live, capture, log, isDemo: deps.isDemo, keychain, directory: deps.directory, systemProxy });
  const { service } = host;

  // 2. Start at login
  const startAtLogin = new StartAtLogin({
    autoStart: createAutoStart(app),
    isWanted: () => config.autoStart,
    userFile: dataPaths(config.dataDirectory).config,
    isChangeable: () => deps.isInstalled && !deps.hasOwnConfigFile && !config.locked.includes('autoStart'),
    isInstalled: deps.isInstalled,
    log: log.child('login-item'),
  });

  // 3. The way out
  const quit = new QuitCoordinator({
    app,
    allowQuit: () => config.allowQuit,
    isRecording: () => isRecording(service.snapshot()),
    confirm: () => confirmQuit(translator),
    stop: () => stop(),
    log: log.child('life'),
  });

  // 4. What can be asked for
  const run = createActions({
    app,
    dialog,
    shell,
    platform: process.platform,
    translator,
    host,
    quit,
    logDirectory: deps.logDirectory,
    dataDirectory: config.dataDirectory,
    showStatus: () => window.show(),
    toggleAutoStart: async () => {
      await startAtLogin.toggle();
      drawTray(service.snapshot());
    },
    collectDiagnostics: () =>
      collectDiagnostics({
        ...{ app, dialog, shell, translator, config, keychain, windows },
        snapshot: service.snapshot(),
        displays: allDisplays(),
      }),
    checkForUpdates: async () => updater?.check(),
    log: log.child('action'),
  });

  // 5. What a person sees
  const tray = new AppTray({ icons: loadTrayIcons(deps.assetsDirectory, process.platform), run: (action) => void run(action) });
  const window = new StatusWindow({
    pagesDirectory,
    boundsFile: dataPaths(config.dataDirectory).windowBounds,
    ...(process.platform === 'linux' ? { icon: join(deps.assetsDirectory, 'icon.png') } : {}),
    translator,
    snapshot: () => service.snapshot(),
    handlers: { 'action:run': (action) => run(action), 'upload:retry': async (mediaId) => void (await host.service.retryUploads(mediaId)) },
    log: log.child('window'),
  });
  const drawTray = (snapshot: Snapshot): void =>
    tray.show(trayModel(snapshot, { translator, now: clock.now(), autoStart: startAtLogin.state, allowQuit: config.allowQuit }));
  const notifier = new Notifier({
    settings: () => ({ isRecordingTold: config.notifyRecording }),
    translator,
    now: () => clock.now(),
    onClick: () => void window.show(),
  });
  const inSight = new RecordingInSight({
    hasTrayPlace: () => hasTrayPlace({ platform: process.platform, env: process.env, timers: clock }),
    showWindow: () => {
      log.child('tray').info('this desktop shows no tray icon: the window is opened');
      void window.showBeside();
    },
  });
  const elapsed = new WhileRecording(clock, () => drawTray(service.snapshot()));
  const unsubscribe = service.onChange((snapshot) => {
    drawTray(snapshot);
    window.update(snapshot);
    notifier.update(snapshot);
    elapsed.update(snapshot);
    inSight.update(snapshot);
  });
  const onSettings = async (keys: readonly string[]): Promise<void> => {
    if (keys.includes('autoStart')) await startAtLogin.start();
    drawTray(service.snapshot());
  };
  const unsubscribeSettings = live.onChange((keys) => void onSettings(keys));
  let stopFollowing: (() => void) | undefined;
  let updater: Updater | undefined;

  const stop = async (): Promise<void> => {
    updater?.stop();
    stopFollowing?.();
    elapsed.stop();
    inSight.stop();
    await host.stop();
    unsubscribe();
    unsubscribeSettings();
    await page.close();
    notifier.stop();
    await window.stop();
    tray.destroy();
  };

  return {
    async start() {
      quit.start();
      window.start();
      await startAtLogin.start();
      drawTray(service.snapshot());
      stopFollowing = followSystemEvents({
        app,
        powerMonitor,
        screen,
        power: host.power,
        onShutdown: () => void quit.request('system'),
        log: log.child('system'),
      });
      host.onListening(deps.onListening);
      await host.start().catch((error: unknown) => stayVisible(host, error, log));
      void reportPartOfScreen({ platform: process.platform, env: process.env, problems: host.problems });
      void reportScreenPermission({
        platform: process.platform,
        systemPreferences,
        tryOnce: () => desktopCapturer.getSources({ types: ['screen'], thumbnailSize: { width: 0, height: 0 } }),
        problems: host.problems,
      });
      updater = await createUpdater({
        url: deps.isInstalled ? config.updates.url : undefined,
        updatedBy: whoUpdates({ platform: process.platform, env: process.env, executable: app.getPath('exe'), productName: app.getName() }),
        snapshot: () => service.snapshot(),
        stop: () => quit.prepare(),
        clock,
        problems: host.problems,
        log: log.child('update'),
      });
      updater?.start();
    },
    showStatus: () => window.show(),
    shutDown: () => quit.request('system'),
  };
}

/** An agent's program that does not come up must say so in the tray, not vanish. */
function stayVisible(host: Host, error: unknown, log: Logger): void {
  const problem = notListening(error);
  if (problem === undefined) throw error;
  log.warn('not listening', { reason: describeError(error) });
  if (problem.code === 'portDenied') host.problems.raise('portDenied', problem.facts);
  else host.problems.raise('portTaken', problem.facts);
}

function isRecording({ recorder }: Snapshot): boolean {
  return recorder.status !== 'idle' && recorder.status !== 'failed';
}

async function confirmQuit(translator: Translator): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    title: translator.text('quit.title'),
    message: translator.text('quit.message'),
    detail: translator.text('quit.detail'),
    buttons: [translator.text('quit.cancel'), translator.text('quit.confirm')],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}
