import { describeRaised, type RaisedProblem } from '../../src/shared/problem-catalogue';
import type { Host, PowerEvents } from '../../src/host/host';
import { Emitter } from '../../src/shared/emitter';
import { AppError, type ErrorCode } from '../../src/shared/errors';
import type { Snapshot } from '../../src/shared/snapshot';
import { sampleSnapshot } from '../fixtures/snapshots';

/** A host without a service: a test sets the snapshot and reads what was asked of it. */
export class FakeHost implements Host {
  /** Everything that was called, in order, such as `start`, `power.suspended`, `retryUpload media-1`. */
  readonly calls: string[] = [];
  /** What `start` fails with. */
  startFailure: { readonly code: ErrorCode; readonly message: string } | undefined;
  #snapshot: Snapshot;
  readonly #changed = new Emitter<Snapshot>();
  readonly #listening = new Emitter<readonly string[]>();

  constructor(snapshot: Snapshot = sampleSnapshot()) {
    this.#snapshot = snapshot;
  }

  /** Changes parts of the snapshot, as the service would: a new revision, and every listener hears of it. */
  set(parts: Partial<Snapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...parts, revision: this.#snapshot.revision + 1 };
    this.#changed.emit(this.#snapshot);
  }

  readonly service: Host['service'] = {
    checkServers: () => undefined,
    login: () => Promise.reject(new AppError('internal', 'a fake host signs nobody in')),
    logout: async () => undefined,
    current: () => undefined,
    poll: () => undefined,
    retryUploads: async (mediaId) => {
      this.#note(`retryUpload ${mediaId ?? 'all'}`);
      return 0;
    },
    snapshot: () => this.#snapshot,
    onChange: (listener) => this.#changed.subscribe(listener),
  };

  readonly problems: Host['problems'] = {
    raise: (code, facts) => {
      const { text, remedy } = describeRaised({ code, facts } as RaisedProblem);
      const others = this.#snapshot.problems.filter((problem) => problem.code !== code);
      this.set({ problems: [...others, { code, text, remedy, since: this.#snapshot.time }] });
    },
    clear: (code) => this.set({ problems: this.#snapshot.problems.filter((problem) => problem.code !== code) }),
  };

  readonly power: PowerEvents = {
    suspended: () => this.#note('power.suspended'),
    resumed: () => this.#note('power.resumed'),
    locked: () => this.#note('power.locked'),
    unlocked: () => this.#note('power.unlocked'),
    inFront: (isInFront) => this.#note(`power.inFront ${isInFront}`),
    networkChanged: () => this.#note('power.networkChanged'),
    displaysChanged: () => this.#note('power.displaysChanged'),
  };

  async start(): Promise<readonly string[]> {
    this.#note('start');
    if (this.startFailure !== undefined) throw new AppError(this.startFailure.code, this.startFailure.message);
    this.#listening.emit(this.#snapshot.endpoints);
    return this.#snapshot.endpoints;
  }

  onListening(listener: (addresses: readonly string[]) => void) {
    return this.#listening.subscribe(listener);
  }

  async stop(): Promise<void> {
    this.#note('stop');
  }

  #note(call: string): void {
    this.calls.push(call);
  }
}
