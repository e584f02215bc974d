import type { ApiServer } from '../api/api-server';
import type { Clock, Timer } from '../lib/clock';
import { describeError, isAppError } from '../shared/errors';
import { PortRefusedError } from '../lib/port-refusal';
import { Serial } from '../lib/serial';
import type { FrontSession } from '../lib/front-session';
import type { Unsubscribe } from '../shared/emitter';
import type { ProblemReporter } from '../shared/problems';

const RETRY_MS = 5_000;

export interface PatientApiDeps {
  /** A new one for every try: each is started once. */
  readonly createServer: () => ApiServer;
  /** What is to be done when it listens, however late that is. */
  readonly onListening: (addresses: readonly string[]) => Promise<void>;
  /** What is to be done when the port was given up for another session. */
  readonly onReleased: () => Promise<void>;
  readonly front: Pick<FrontSession, 'isInFront' | 'onChange'>;
  readonly clock: Clock;
  readonly problems: ProblemReporter;
}

/**
 * The local API of a user who may not be the only one here.
 * - While another user of this computer holds the port, that is shown, and tried again every 5 s and when this session comes to the front.
 *   A port that a program of this user holds at the start is an error, as ever.
 * - While another session is in front, nothing listens: the port is for the service of whoever sits there.
 */
export class PatientApi {
  readonly #deps: PatientApiDeps;
  readonly #steps = new Serial();
  #server: ApiServer | undefined;
  #timer: Timer | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #isStopped = false;

  constructor(deps: PatientApiDeps) {
    this.#deps = deps;
  }

  /**
   * @returns the addresses; none as long as another user holds the port, or is in front. Throws `AppError` `portTaken` where waiting would
   * not help.
   */
  async start(): Promise<readonly string[]> {
    this.#unsubscribe = this.#deps.front.onChange(() => void this.#steps.run(() => this.#settlePatiently()));
    return this.#steps.run(async () => {
      try {
        return await this.#settle();
      } catch (error) {
        if (!isAppError(error, 'portTaken') || !error.isRetryable) throw error;
        this.#waitAfter(error);
        return [];
      }
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unsubscribe?.();
    this.#timer?.cancel();
    await this.#steps.run(async () => this.#server?.stop());
  }

  /** Listens or not, as it should be now. @returns the addresses when it began to listen. */
  async #settle(): Promise<readonly string[]> {
    const { front, problems } = this.#deps;
    this.#timer?.cancel();
    if (this.#isStopped) return [];
    if (!front.isInFront) {
      problems.raise('inBackground', {});
      this.#clearPort();
      await this.#release();
      return [];
    }
    problems.clear('inBackground');
    return this.#server === undefined ? this.#listen() : [];
  }

  async #settlePatiently(): Promise<void> {
    try {
      await this.#settle();
    } catch (error) {
      this.#waitAfter(error);
    }
  }

  async #release(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    await server.stop();
    await this.#deps.onReleased();
  }

  async #listen(): Promise<readonly string[]> {
    const server = this.#deps.createServer();
    const addresses = await server.start();
    try {
      await this.#deps.onListening(addresses);
    } catch (error) {
      await server.stop();
      throw error;
    }
    this.#server = server;
    this.#clearPort();
    return addresses;
  }

  #waitAfter(error: unknown): void {
    if (this.#isStopped) return;
    this.#show(error);
    this.#timer = this.#deps.clock.after(RETRY_MS, () => void this.#steps.run(() => this.#settlePatiently()));
  }

  #show(error: unknown): void {
    const { problems } = this.#deps;
    const retrySeconds = RETRY_MS / 1000;
    const problem = error instanceof PortRefusedError ? error.problem : undefined;
    this.#clearPort(problem?.code ?? 'portTaken');
    if (problem?.code === 'portDenied') return problems.raise('portDenied', problem.facts);
    problems.raise(
      'portTaken',
      problem === undefined ? { reason: describeError(error), retrySeconds } : { ...problem.facts, retrySeconds },
    );
  }

  /** @param kept is shown in place of the other, or stays */
  #clearPort(kept?: 'portTaken' | 'portDenied'): void {
    for (const code of ['portTaken', 'portDenied'] as const) if (code !== kept) this.#deps.problems.clear(code);
  }
}
