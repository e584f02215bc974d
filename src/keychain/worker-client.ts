import { holdingTimers, type Clock, type Timer } from '../lib/clock';
import { withDeadline } from '../lib/deadline';
import { describeError } from '../shared/errors';
import type { KeychainWorker, StartKeychainWorker } from './ports';
import { answerSchema, type KeychainAnswer, type KeychainRequest } from './worker-protocol';

export type KeychainTask = Omit<KeychainRequest, 'id' | 'limitMs'>;
export type KeychainEntries = readonly { readonly account: string; readonly value: string }[];

/** - `late`: no answer within the deadline; - `broken`: no worker, or one that answers nonsense; - `refused`: the keychain's own word. */
export class WorkerFailure extends Error {
  constructor(
    readonly kind: 'late' | 'broken' | 'refused',
    message: string,
  ) {
    super(message);
  }
}

/** Calls come in bursts (start, login, logout), and starting a process costs more than keeping one for a moment. */
const IDLE_MS = 10_000;

interface Pending {
  readonly id: number;
  settle(answer: KeychainAnswer | WorkerFailure): void;
}

/** One worker, one question at a time; a worker that does not answer in time is killed. */
export class WorkerClient {
  readonly #start: StartKeychainWorker;
  readonly #clock: Clock;
  #worker: Promise<KeychainWorker> | undefined;
  #pending: Pending | undefined;
  #idle: Timer | undefined;
  #lastId = 0;

  constructor(start: StartKeychainWorker, clock: Clock) {
    this.#start = start;
    this.#clock = clock;
  }

  /** Throws `WorkerFailure`. Not to be called while another call is under way. */
  async ask(task: KeychainTask, limitMs: number): Promise<KeychainEntries> {
    this.#idle?.cancel();
    const id = (this.#lastId += 1);
    const settled = new Promise<KeychainAnswer>((resolve, reject) => {
      this.#pending = { id, settle: (answer) => (answer instanceof WorkerFailure ? reject(answer) : resolve(answer)) };
    });
    void this.#send({ ...task, id, limitMs: 2 * limitMs });
    const tooLate = (): WorkerFailure => new WorkerFailure('late', `no answer within ${limitMs / 1000} s`);
    // The process stays alive until the question is settled: the worker keeps it so only once it runs.
    const answer = await withDeadline(holdingTimers, { ms: limitMs, tooLate }, () => settled).catch((failure: unknown) => {
      this.stop();
      throw failure;
    });
    this.#rest();
    if ('failure' in answer) throw new WorkerFailure('refused', answer.failure);
    return answer.entries;
  }

  stop(): void {
    this.#idle?.cancel();
    const worker = this.#worker;
    this.#worker = undefined;
    this.#settle(new WorkerFailure('broken', 'the program is ending'));
    worker?.then(
      (started) => started.kill(),
      () => undefined,
    );
  }

  async #send(request: KeychainRequest): Promise<void> {
    this.#worker ??= this.#startWorker();
    const worker = this.#worker;
    try {
      const started = await worker;
      if (this.#worker !== worker) return;
      started.setBusy(true);
      started.send(request);
    } catch (error) {
      if (this.#worker === worker) this.#settle(new WorkerFailure('broken', describeError(error)));
    }
  }

  #startWorker(): Promise<KeychainWorker> {
    const worker: Promise<KeychainWorker> = this.#start({
      onMessage: (message) => {
        if (this.#worker === worker) this.#receive(message);
      },
      onEnd: (reason) => {
        if (this.#worker !== worker) return;
        this.#worker = undefined;
        this.#settle(new WorkerFailure('broken', reason));
      },
    });
    return worker;
  }

  #receive(message: unknown): void {
    const answer = answerSchema.safeParse(message);
    if (!answer.success) return this.#settle(new WorkerFailure('broken', 'its answer makes no sense'));
    if (answer.data.id === this.#pending?.id) this.#settle(answer.data);
  }

  #settle(answer: KeychainAnswer | WorkerFailure): void {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.settle(answer);
  }

  #rest(): void {
    void this.#worker?.then((worker) => worker.setBusy(false)).catch(() => undefined);
    this.#idle = this.#clock.after(IDLE_MS, () => this.stop());
  }
}
