import type { AppUpdater } from 'electron-updater';
import { isoNow, type Clock, type Timer } from '../../lib/clock';
import type { Logger } from '../../lib/logger';
import { describeError } from '../../shared/errors';
import { plainReason } from '../../shared/plain-reason';
import type { ProblemReporter } from '../../shared/problems';
import type { Snapshot } from '../../shared/snapshot';
import type { InstallAttempts } from './install-attempts';

export interface UpdaterDeps {
  readonly updater: Pick<AppUpdater, 'checkForUpdates' | 'on' | 'quitAndInstall' | 'setFeedURL'> & {
    autoDownload: boolean;
    autoInstallOnAppQuit: boolean;
  };
  /** `updates.url` */
  readonly url: string;
  readonly snapshot: () => Snapshot;
  /** Finishes everything; afterwards the installer may end the process. */
  readonly stop: () => Promise<void>;
  /** Ends the process and starts it again: after `stop`, a failed installation would leave the PC without the service. */
  readonly restart: () => void;
  readonly attempts: InstallAttempts;
  readonly clock: Clock;
  readonly problems: ProblemReporter;
  readonly log: Logger;
}

const CHECK_EVERY_MS = 4 * 3600_000;
const LOOK_AGAIN_MS = 60_000;
/** Windows and Linux quit at once; macOS unpacks the new version and checks its signature first. */
const QUIT_WITHIN_MS = 120_000;
/** A version whose installation fails is not tried at every start. */
const SAME_VERSION_AGAIN_MS = 24 * 3600_000;

/**
 * Updates from a feed of the company's own. INVARIANTS: nothing is installed while a recording runs, an upload is on its way,
 * or an agent is signed in; nor when the program is quit, which on Windows may be the end of the session. Once stopped for an
 * installation, the process ends: by the installer, or to start again.
 */
export class Updater {
  readonly #deps: UpdaterDeps;
  #status: 'watching' | 'downloaded' | 'finishing' | 'installing' | 'stopped' = 'watching';
  #timer: Timer | undefined;

  constructor(deps: UpdaterDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { updater, url } = this.#deps;
    updater.autoDownload = true;
    updater.autoInstallOnAppQuit = false;
    updater.setFeedURL({ provider: 'generic', url });
    updater.on('update-downloaded', ({ version }) => void this.#onDownloaded(version));
    updater.on('error', (error) => (this.#status === 'installing' ? this.#startAgain(error) : this.#fail(error)));
    void this.check();
  }

  async check(): Promise<void> {
    if (this.#status !== 'watching') return;
    try {
      const result = await this.#deps.updater.checkForUpdates();
      await result?.downloadPromise;
      if (this.#isStill('watching')) this.#deps.problems.clear('updateFailed');
    } catch (error) {
      this.#fail(error);
    }
    if (this.#isStill('watching')) this.#checkLater();
  }

  /** Part of `deps.stop` too: before an installation it only ends the watch. */
  stop(): void {
    this.#timer?.cancel();
    if (this.#status !== 'finishing') this.#status = 'stopped';
  }

  /** What it is after an `await`: the compiler remembers what it was before. */
  #isStill(status: 'watching' | 'downloaded'): boolean {
    return this.#status === status;
  }

  #checkLater(): void {
    this.#timer?.cancel();
    this.#timer = this.#deps.clock.after(CHECK_EVERY_MS, () => void this.check());
  }

  async #onDownloaded(version: string): Promise<void> {
    const { attempts, clock, problems, log } = this.#deps;
    if (this.#status !== 'watching') return;
    this.#status = 'downloaded';
    this.#timer?.cancel();
    log.info('update downloaded', { version });
    const last = await attempts.last();
    if (!this.#isStill('downloaded')) return;
    if (last?.version === version && isWithin(SAME_VERSION_AGAIN_MS, Date.parse(last.at), clock.now())) {
      this.#status = 'watching';
      this.#fail(new Error(`version ${version} did not install at ${last.at}; it is tried again a day later`));
      this.#checkLater();
      return;
    }
    problems.clear('updateFailed');
    await this.#installWhenIdle(version);
  }

  async #installWhenIdle(version: string): Promise<void> {
    const { snapshot, updater, stop, attempts, clock, log } = this.#deps;
    if (!isIdle(snapshot())) {
      this.#timer = clock.after(LOOK_AGAIN_MS, () => void this.#installWhenIdle(version));
      return;
    }
    this.#status = 'finishing';
    log.info('installing the update', { version });
    await stop();
    await attempts
      .note({ version, at: isoNow(clock) })
      .catch((error: unknown) => log.warn('the attempt was not noted', { reason: describeError(error) }));
    this.#status = 'installing';
    this.#timer = clock.after(QUIT_WITHIN_MS, () => this.#startAgain(new Error('the installer did not end the program')));
    try {
      updater.quitAndInstall(true, true);
    } catch (error) {
      this.#startAgain(error);
    }
  }

  #startAgain(error: unknown): void {
    if (this.#status !== 'installing') return;
    this.#status = 'stopped';
    this.#timer?.cancel();
    this.#deps.log.warn('the update was not installed', { reason: reasonOf(error) });
    this.#deps.restart();
  }

  #fail(error: unknown): void {
    const { problems, log } = this.#deps;
    log.info('update failed', { reason: reasonOf(error) });
    problems.raise('updateFailed', { reason: reasonOf(error) });
  }
}

/** Nobody is signed in, nothing is recorded, nothing is on its way. What waits in the spool is found again by the new version. */
export function isIdle({ session, recorder, uploads }: Snapshot): boolean {
  const isRecorderIdle = recorder.status === 'idle' || recorder.status === 'failed';
  const isUploading = uploads.jobs.some(({ state }) => state.status === 'uploading');
  return isRecorderIdle && !isUploading && (session.status === 'signedOut' || session.status === 'expired');
}

/** A time ahead of now was noted while the clock was wrong: it forbids nothing. */
function isWithin(ms: number, time: number, now: number): boolean {
  return time <= now && now - time < ms;
}

/** Its first line: an error of electron-updater goes on with the whole answer of the server. */
function reasonOf(error: unknown): string {
  // A path is not shown, but without the file's name nobody could tell what is missing.
  if (/\bapp-update\.yml\b/.test(describeError(error))) return 'app-update.yml of the package cannot be read';
  return plainReason(error).split('\n', 1)[0] ?? '';
}
