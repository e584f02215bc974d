import type { ApiServer } from '../api/api-server';
import type { Clock, Timer } from '../lib/clock';
import { describeError, isAppError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';

const RETRY_MS = 5_000;

export interface PatientApiDeps {
  /** A new one for every try: each is started once. */
  readonly createServer: () => ApiServer;
  /** What is to be done when it listens, however late that is. */
  readonly onListening: (addresses: readonly string[]) => Promise<void>;
  readonly clock: Clock;
  readonly problems: ProblemReporter;
}

/**
 * The local API of a user who may not be the only one here: while another user of this computer holds the port, that is shown, and tried
 * again every 5 s, until they leave. A port that a program of this user holds is an error, as ever.
 */
export class PatientApi {
  readonly #deps: PatientApiDeps;
  #server: ApiServer | undefined;
  #timer: Timer | undefined;
  #trying: Promise<unknown> = Promise.resolve();
  #isStopped = false;

  constructor(deps: PatientApiDeps) {
    this.#deps = deps;
  }

  /** @returns the addresses; none as long as another user holds the port. Throws `AppError` `portTaken` where waiting would not help. */
  async start(): Promise<readonly string[]> {
    const first = this.#try();
    this.#trying = first.catch(() => undefined);
    try {
      return await first;
    } catch (error) {
      if (!isAppError(error, 'portTaken') || !error.isRetryable) throw error;
      this.#waitAfter(error);
      return [];
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await this.#trying;
    await this.#server?.stop();
  }

  async #try(): Promise<readonly string[]> {
    const server = this.#deps.createServer();
    const addresses = await server.start();
    this.#server = server;
    try {
      await this.#deps.onListening(addresses);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return addresses;
  }

  #waitAfter(error: unknown): void {
    if (this.#isStopped) return;
    this.#deps.problems.raise('portTaken', { reason: describeError(error), retrySeconds: RETRY_MS / 1000 });
    this.#timer = this.#deps.clock.after(RETRY_MS, () => {
      this.#trying = this.#try().then(
        () => this.#deps.problems.clear('portTaken'),
        (again: unknown) => this.#waitAfter(again),
      );
    });
  }
}
