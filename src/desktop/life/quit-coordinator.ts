import type { App, Event } from 'electron';
import type { Logger } from '../../lib/logger';
import { describeError } from '../../shared/errors';

/** `user`: a menu or a key asked, and may be asked back. `system`: a signal, the end of the user's session, a restart. */
export type QuitOrigin = 'user' | 'system';

export interface QuitCoordinatorDeps {
  readonly app: Pick<App, 'on' | 'quit'>;
  /** `allowQuit` of the configuration, which may change. */
  readonly allowQuit: () => boolean;
  readonly isRecording: () => boolean;
  /** Asks whether to end a running recording. */
  readonly confirm: () => Promise<boolean>;
  /** Finishes and stops everything; has a deadline of its own. */
  readonly stop: () => Promise<void>;
  readonly log: Logger;
}

/**
 * The one way out. INVARIANT: the process does not end before `stop` has, however it was asked to end; only a crash and a kill are faster.
 */
export class QuitCoordinator {
  readonly #deps: QuitCoordinatorDeps;
  #status: 'running' | 'asking' | 'stopping' | 'stopped' = 'running';

  constructor(deps: QuitCoordinatorDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#deps.app.on('before-quit', (event: Event) => {
      if (this.#status === 'stopped') return;
      event.preventDefault();
      void this.request('user');
    });
  }

  async request(origin: QuitOrigin): Promise<void> {
    const { allowQuit, log } = this.#deps;
    if (this.#status === 'stopping' || this.#status === 'stopped') return;
    if (origin === 'user' && !allowQuit()) return log.info('quitting is switched off by configuration');
    if (origin === 'user' && !(await this.#mayEndRecording())) return;
    await this.#leave(origin);
  }

  /** Ends, to come back at once: allowed even where quitting is not. Asks first while a recording runs. */
  async restart(relaunch: () => void): Promise<void> {
    if (this.#status === 'stopping' || this.#status === 'stopped' || !(await this.#mayEndRecording())) return;
    relaunch();
    await this.#leave('system');
  }

  async #mayEndRecording(): Promise<boolean> {
    const { isRecording, confirm } = this.#deps;
    if (this.#status === 'asking') return false;
    if (!isRecording()) return true;
    this.#status = 'asking';
    const isConfirmed = await confirm().catch(() => false);
    if (this.#status !== 'asking') return false; // the system ended it meanwhile
    this.#status = 'running';
    return isConfirmed;
  }

  /** Finishes and stops everything, for an installer that ends the process itself. */
  async prepare(): Promise<void> {
    const { stop, log } = this.#deps;
    this.#status = 'stopping';
    await stop().catch((error: unknown) => log.error('stopping failed', { reason: describeError(error) }));
    this.#status = 'stopped';
  }

  async #leave(origin: QuitOrigin): Promise<void> {
    this.#deps.log.info('quitting', { origin });
    await this.prepare();
    this.#deps.app.quit();
  }
}
