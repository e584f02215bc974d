import { dataPaths } from '../config/data-paths';
import { LiveConfiguration } from '../config/live-configuration';
import type { ConfigurationSources } from '../config/load-configuration';
import type { Configuration } from '../config/schema';
import { composeHost } from '../host/compose-host';
import { DirectoryClaim } from '../host/directory-claim';
import type { Host } from '../host/host';
import { createNodeKeychain } from '../keychain/create-keychain';
import type { OwnedKeychain } from '../lib/keychain';
import { createLogger, type LogSink } from '../lib/logger';
import { standardErrorSink } from '../lib/standard-streams';
import { reportWholeScreen } from '../screen/whole-screen';
import { nodeWindows } from '../win32/node-windows';
import { ownXDisplay } from '../x11/let-rest';
import { windowsOf } from '../x11/open-windows';
import { createBrowserCapture } from './browser-capture';
import { useVirtualDisplay as useOwnDisplay, type VirtualDisplay } from './virtual-display';

export interface HeadlessOptions {
  readonly config: Configuration;
  /** Where `config` was read: changes there are followed. Absent: they are not. */
  readonly sources?: ConfigurationSources;
  readonly isDemo: boolean;
  /** Start an Xvfb when the environment names no display. */
  readonly useVirtualDisplay: boolean;
  /** Called with the addresses once it listens: later than the start when another user of this computer holds the port. */
  readonly onListening?: (addresses: readonly string[]) => void;
  /** Default: the system's. */
  readonly keychain?: OwnedKeychain;
  /** Default: stderr. */
  readonly logSink?: LogSink;
}

export interface RunningHeadless {
  readonly host: Host;
  readonly endpoints: readonly string[];
  /** Finishes a running recording and ends everything that was started. */
  stop(): Promise<void>;
}

/** The service without Electron: Node for the service, the system's Chromium as capture window. Logs JSON lines. */
export async function startHeadless(options: HeadlessOptions): Promise<RunningHeadless> {
  const { isDemo, useVirtualDisplay, onListening, sources } = options;
  const live = new LiveConfiguration(options.config, sources ?? {});
  const config = live.settings;
  const log = createLogger(() => config.log.level, [options.logSink ?? standardErrorSink()]);
  // 1. Nobody else works on this data directory
  const directory = await DirectoryClaim.make(config.dataDirectory);
  let display: VirtualDisplay | undefined;
  let host: Host | undefined;
  const stop = async (): Promise<void> => {
    await host?.stop();
    await display?.stop();
    await directory.release();
  };
  try {
    // 2. A screen to record
    display = useVirtualDisplay && needsVirtualDisplay() ? await useOwnDisplay(dataPaths(config.dataDirectory).capture) : undefined;
    // 3. The service on the browser's capture
    const capture = createBrowserCapture({
      pagesDirectory: __dirname,
      profilesDirectory: dataPaths(config.dataDirectory).captureProfiles,
      log: log.child('capture'),
      onScreen: (isWhole) => {
        if (host !== undefined) reportWholeScreen(host.problems, isWhole);
      },
      ...(display === undefined ? {} : { display: display.display }),
      windows: nodeWindows(__dirname, windowsOf(display?.display ?? ownXDisplay(process.platform, process.env))),
    });
    const keychain = options.keychain ?? createNodeKeychain(__dirname, { log: log.child('keychain'), mayAsk: true });
    host = composeHost({ config, capture, log, isDemo, keychain, directory, ...(sources === undefined ? {} : { live }) });
    if (onListening !== undefined) host.onListening(onListening);
    const endpoints = await host.start();
    return { host, endpoints, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export function needsVirtualDisplay(): boolean {
  return process.platform === 'linux' && !process.env['DISPLAY'];
}
