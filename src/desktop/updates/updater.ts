import type { AppUpdater } from 'electron-updater';
import type { Clock, Timer } from '../../lib/clock';
import type { Logger } from '../../lib/logger';
import { describeError } from '../../shared/errors';
import type { ProblemReporter } from '../../shared/problems';
import type { Snapshot } from '../../shared/snapshot';

export interface UpdaterDeps {
  readonly updater: Pick<AppUpdater, 'checkForUpdates' | 'downloadUpdate' | 'on' | 'quitAndInstall' | 'setFeedURL'> & {
    autoDownload: boolean;
    autoInstallOnAppQuit: boolean;
  };
  /** `updates.url` */
  readonly url: string;
  readonly snapshot: () => Snapshot;
  /** Finishes everything; afterwards the installer may end the process. */
  readonly stop: () => Promise<void>;
  readonly clock: Clock;
  readonly problems: ProblemReporter;
  readonly log: Logger;
}

const CHECK_EVERY_MS = 4 * 3600_000;
const LOOK_AGAIN_MS = 60_000;

/**
 * Updates from a feed of the company's own. INVARIANT: nothing is installed while a recording runs, an upload is on its way,
 * or an agent is signed in; nor when the program is quit, which on Windows may be the end of the session.
 */
export class Updater {
  readonly #deps: UpdaterDeps;
  #timer: Timer | undefined;
  #isDownloaded = false;

  constructor(deps: UpdaterDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { updater, url, log } = this.#deps;
    updater.autoDownload = true;
    updater.autoInstallOnAppQuit = false;
    updater.setFeedURL({ provider: 'generic', url });
    updater.on('update-downloaded', ({ version }) => {
      log.info('update downloaded', { version });
      this.#isDownloaded = true;
      this.#deps.problems.clear('updateFailed');
      void this.#installWhenIdle();
    });
    // It is thrown by the check too, and told there.
    updater.on('error', (error) => log.info('updater', { reason: error.message }));
    void this.check();
  }

  async check(): Promise<void> {
    const { updater, clock, problems, log } = this.#deps;
    this.#timer?.cancel();
    try {
      await updater.checkForUpdates();
      problems.clear('updateFailed');
    } catch (error) {
      log.info('update check failed', { reason: describeError(error) });
      problems.raise({
        code: 'updateFailed',
        text: `The check for a new version failed: ${describeError(error)}`,
        remedy: 'Check the network and updates.url, then check again.',
      });
    }
    if (!this.#isDownloaded) this.#timer = clock.after(CHECK_EVERY_MS, () => void this.check());
  }

  stop(): void {
    this.#timer?.cancel();
  }

  async #installWhenIdle(): Promise<void> {
    const { snapshot, updater, stop, clock, log } = this.#deps;
    if (!isIdle(snapshot())) {
      this.#timer = clock.after(LOOK_AGAIN_MS, () => void this.#installWhenIdle());
      return;
    }
    log.info('installing the update');
    await stop();
    updater.quitAndInstall(true, true);
  }
}

/** Nobody is signed in, nothing is recorded, nothing is on its way. What waits in the spool is found again by the new version. */
export function isIdle({ session, recorder, uploads }: Snapshot): boolean {
  const isRecorderIdle = recorder.status === 'idle' || recorder.status === 'failed';
  const isUploading = uploads.jobs.some(({ state }) => state.status === 'uploading');
  return isRecorderIdle && !isUploading && (session.status === 'signedOut' || session.status === 'expired');
}
