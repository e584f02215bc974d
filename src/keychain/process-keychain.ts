import { holdingTimers, type Clock } from '../lib/clock';
import { endsWithin } from '../lib/deadline';
import type { OwnedKeychain } from '../lib/keychain';
import type { Logger } from '../lib/logger';
import { Secret } from '../lib/secret';
import { Serial } from '../lib/serial';
import { AppError } from '../shared/errors';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import { KeychainWatch } from './keychain-watch';
import type { KeychainSight, LookAtKeychain, StartKeychainWorker } from './ports';
import { WorkerClient, WorkerFailure, type KeychainEntries, type KeychainTask } from './worker-client';
import { omitUndefined } from '../shared/omit-undefined';

export interface ProcessKeychainDeps {
  readonly startWorker: StartKeychainWorker;
  readonly look: LookAtKeychain;
  readonly clock: Clock;
  readonly log: Logger;
  /** The product's name in the keychain; tests use their own, so as not to meet the user's entries. */
  readonly service?: string;
  /** May the person be asked to unlock it? Once for each time it is found locked. Commands on a terminal do not ask. */
  readonly mayAsk?: boolean;
}

const SERVICE = 'screen-recording-service';
/** A call that lasts longer waits for a person, or for nobody. */
export const CALL_DEADLINE_MS = 5000;
/** What a person is given to type a password. Nothing waits for it. */
const PERSON_DEADLINE_MS = 120_000;
const STOP_PATIENCE_MS = 1000;

/** Why a keychain in this state is not called at all. */
const NOT_CALLED: { readonly [status in KeychainSight['status']]?: string } = {
  locked: 'it is locked',
  unreachable: 'this session has no D-Bus through which it could be reached',
  silent: 'it does not answer',
};

/**
 * The system's keychain, called in a process of its own. INVARIANTS: no call lasts longer than the deadlines of look and call together;
 * once it could not be used, every call is refused at once until it has changed; a worker that does not answer is killed.
 */
export class ProcessKeychain implements OwnedKeychain {
  readonly #deps: ProcessKeychainDeps;
  readonly #client: WorkerClient;
  readonly #watch: KeychainWatch;
  readonly #calls = new Serial();
  readonly #changes: Emitter<void>;
  #refusal: string | undefined;
  /** What the worker's keychain looked like. */
  #metMark: string | undefined;
  /** The state in which the person was asked last. */
  #askedAt: string | undefined;
  #asking: WorkerClient | undefined;
  #isStopped = false;

  constructor(deps: ProcessKeychainDeps) {
    this.#deps = deps;
    const { startWorker, clock, look, log } = deps;
    this.#client = new WorkerClient(startWorker, clock);
    this.#changes = new Emitter((error) => log.error('a listener to the keychain failed', { error }));
    this.#watch = new KeychainWatch({ clock, look, onChange: (sight) => this.#changed(sight) });
  }

  async get(account: string): Promise<Secret | undefined> {
    const [entry] = await this.#call('read', { task: 'get', account });
    return entry === undefined ? undefined : new Secret(entry.value);
  }

  async set(account: string, value: Secret): Promise<void> {
    await this.#call('write', { task: 'set', account, value: value.reveal() });
  }

  async delete(account: string): Promise<void> {
    await this.#call('delete', { task: 'delete', account });
  }

  async list(prefix: string): Promise<ReadonlyMap<string, Secret>> {
    const entries = await this.#call('read', { task: 'list', account: prefix });
    return new Map(entries.map(({ account, value }) => [account, new Secret(value)]));
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#changes.subscribe(listener);
  }

  async stop(): Promise<void> {
    await endsWithin(holdingTimers, STOP_PATIENCE_MS, this.#calls.idle());
    this.#isStopped = true;
    this.#watch.stop();
    this.#client.stop();
    this.#asking?.stop();
  }

  #call(verb: 'read' | 'write' | 'delete', task: Omit<KeychainTask, 'service'>): Promise<KeychainEntries> {
    return this.#calls.run(async () => {
      if (this.#isStopped) throw unusable(verb, 'the program is ending');
      if (this.#refusal !== undefined) throw unusable(verb, this.#refusal);
      const sight = await this.#deps.look();
      const reason = NOT_CALLED[sight.status];
      if (reason !== undefined) throw unusable(verb, this.#refuse(sight, reason));
      // A library keeps to the keychain it met first, and does not find the one that took its place.
      if (this.#metMark !== sight.mark) this.#client.stop();
      this.#metMark = sight.mark;
      try {
        return await this.#client.ask({ ...task, service: this.#service }, CALL_DEADLINE_MS);
      } catch (error) {
        throw unusable(verb, this.#judge(sight, error), error);
      }
    });
  }

  get #service(): string {
    return this.#deps.service ?? SERVICE;
  }

  /** @returns the reason. A plain refusal of an open keychain is about this call: the next one is made, and the failed one is due again later. */
  #judge(sight: KeychainSight, error: unknown): string {
    const failure = error instanceof WorkerFailure ? error : new WorkerFailure('broken', String(error));
    if (failure.kind !== 'refused' || sight.status === 'absent') return this.#refuse(sight, failure.message, failure.kind === 'late');
    if (!this.#isStopped) this.#watch.start(sight);
    return failure.message;
  }

  #refuse(sight: KeychainSight, reason: string, mayWaitForPerson = sight.status === 'locked'): string {
    this.#refusal = reason;
    if (this.#isStopped) return reason;
    this.#deps.log.info('the keychain cannot be used', { reason, state: sight.status });
    this.#watch.start(sight);
    if (mayWaitForPerson && this.#deps.mayAsk === true && this.#askedAt !== sight.mark) void this.#askPerson(sight);
    return reason;
  }

  /** In the background, in a worker of its own: the system's own window asks for the password, and stays while it is typed. */
  async #askPerson({ mark }: KeychainSight): Promise<void> {
    if (this.#asking !== undefined) return;
    this.#askedAt = mark;
    const asking = new WorkerClient(this.#deps.startWorker, this.#deps.clock);
    this.#asking = asking;
    try {
      await asking.ask({ task: 'unlock', service: this.#service, account: '' }, PERSON_DEADLINE_MS);
      await this.#watch.lookNow();
    } catch (error) {
      this.#deps.log.info('the keychain was not unlocked', { reason: (error as Error).message });
    } finally {
      asking.stop();
      this.#asking = undefined;
    }
  }

  #changed(sight: KeychainSight): void {
    const reason = NOT_CALLED[sight.status];
    if (reason !== undefined) return void this.#refuse(sight, reason);
    if (this.#refusal !== undefined) this.#deps.log.info('the keychain is tried again', { state: sight.status });
    this.#refusal = undefined;
    this.#changes.emit();
  }
}

function unusable(verb: string, reason: string, cause?: unknown): AppError {
  const text = `Could not ${verb} an entry of the system's keychain: ${reason}. Is it installed, running and unlocked?`;
  return new AppError('keychain', text, { isRetryable: true, ...omitUndefined({ cause }) });
}
