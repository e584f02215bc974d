import { holdingTimers } from '../lib/clock';
import { withDeadline } from '../lib/deadline';
import type { StartWorker, WorkerProcess } from '../lib/worker-process';
import { WINDOWS_DEADLINE_MS, type Desk, type OpenVisibleWindows, type VisibleWindows, type WindowsListener } from '../masks/ports';
import { AppError } from '../shared/errors';
import { answerSchema, type WindowsAnswer, type WindowsRequest } from './worker-protocol';

export type StartWindowsWorker = StartWorker<WindowsRequest>;

/** A process has to start first, on a computer that may be starting too. */
const OPEN_DEADLINE_MS = 5000;
/** Starting a process for every look that fails would keep a computer busy that does not tell its windows. */
const REST_AFTER_FAILURE_MS = 2000;

interface Looking {
  readonly number: number;
  resolve(): void;
  reject(error: Error): void;
}

/**
 * The windows of a Windows desktop, told by a worker (`dist/windows-worker.js`).
 *
 * INVARIANTS
 * - The listener gets every state the worker told, in its order, before a look that asked after it resolves.
 * - Whatever goes wrong (no worker, one that ends, fails, hangs for `WINDOWS_DEADLINE_MS` or talks nonsense) is told once as lost; then nothing is told.
 * - The worker is killed with the connection, whatever Windows keeps it waiting for.
 */
export class WindowsVisibleWindows implements VisibleWindows {
  readonly #listener: WindowsListener;
  #worker: WorkerProcess<WindowsRequest> | undefined;
  #looking: readonly Looking[] = [];
  #looks = 0;
  #ended: Error | undefined;

  private constructor(listener: WindowsListener) {
    this.#listener = listener;
  }

  /** Throws `AppError` `dependencyMissing`. */
  static async open(start: StartWindowsWorker, listener: WindowsListener): Promise<WindowsVisibleWindows> {
    const windows = new WindowsVisibleWindows(listener);
    try {
      await windows.#withinDeadline(OPEN_DEADLINE_MS, () => windows.#start(start));
    } catch (error) {
      windows.close();
      throw error;
    }
    return windows;
  }

  look(): Promise<void> {
    return this.#withinDeadline(WINDOWS_DEADLINE_MS, () => this.#ask());
  }

  close(): void {
    this.#end(unknown('The windows are not looked at any more.'));
  }

  async #start(start: StartWindowsWorker): Promise<void> {
    const worker = await start({
      onMessage: (message) => this.#receive(message),
      onEnd: (reason) => this.#lose(`The process that asks Windows for its windows has ended: ${reason}.`),
    });
    if (this.#ended !== undefined) {
      worker.kill();
      throw this.#ended;
    }
    this.#worker = worker;
    worker.setBusy(true);
    await this.#ask();
  }

  #ask(): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const number = (this.#looks += 1);
    return new Promise((resolve, reject) => {
      this.#looking = [...this.#looking, { number, resolve, reject }];
      this.#worker?.send({ look: number });
    });
  }

  async #withinDeadline(ms: number, task: () => Promise<void>): Promise<void> {
    const tooLate = (): Error => {
      this.#lose('Windows did not tell its windows in time.');
      return this.#ended ?? unknown('Windows did not tell its windows in time.');
    };
    await withDeadline(holdingTimers, { ms, tooLate }, task);
  }

  #receive(message: unknown): void {
    if (this.#ended !== undefined) return;
    const answer = parseAnswer(message);
    if (answer === undefined) this.#lose('The process that asks Windows for its windows said nothing that makes sense.');
    else if ('desk' in answer) this.#listener.onDesk(answer.desk);
    else if ('failed' in answer) this.#lose(`Windows does not tell its windows: ${answer.failed}.`);
    else this.#looked(answer.looked);
  }

  #looked(number: number): void {
    const isDone = (looking: Looking): boolean => looking.number <= number;
    const done = this.#looking.filter(isDone);
    this.#looking = this.#looking.filter((looking) => !isDone(looking));
    done.forEach(({ resolve }) => resolve());
  }

  #lose(reason: string): void {
    if (this.#ended !== undefined) return;
    this.#end(unknown(reason));
    this.#listener.onLost(reason);
  }

  #end(error: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    this.#worker?.setBusy(false);
    this.#worker?.kill();
    this.#worker = undefined;
    const left = this.#looking;
    this.#looking = [];
    left.forEach(({ reject }) => reject(error));
  }
}

/** On Windows a worker's; elsewhere what that system has. */
export function windowsOfSystem(platform: NodeJS.Platform, start: StartWindowsWorker, elsewhere: OpenVisibleWindows): OpenVisibleWindows {
  return platform === 'win32' ? restingAfterFailure((listener) => WindowsVisibleWindows.open(start, listener)) : elsewhere;
}

/** @param now in milliseconds, never set back */
export function restingAfterFailure(open: OpenVisibleWindows, now: () => number = () => performance.now()): OpenVisibleWindows {
  let failure: { readonly at: number; readonly error: unknown } | undefined;
  const failed = (error: unknown): void => void (failure = { at: now(), error });
  return async (listener) => {
    if (failure !== undefined && now() - failure.at < REST_AFTER_FAILURE_MS) throw failure.error;
    const onLost = (reason: string): void => {
      failed(unknown(reason));
      listener.onLost(reason);
    };
    try {
      return await open({ onDesk: (desk) => listener.onDesk(desk), onLost });
    } catch (error) {
      failed(error);
      throw error;
    }
  };
}

function parseAnswer(message: unknown): WindowsAnswer | undefined {
  const parsed = answerSchema.safeParse(message);
  if (!parsed.success) return undefined;
  return 'desk' in parsed.data ? { desk: parsed.data.desk as Desk } : parsed.data;
}

function unknown(message: string): AppError {
  return new AppError('dependencyMissing', message);
}
