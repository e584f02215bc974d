import { isoNow, type Clock } from '../lib/clock';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import type { Snapshot } from '../shared/snapshot';

/** What a snapshot is made of, asked for anew at every change; the store adds revision and time. */
export type SnapshotParts = Omit<Snapshot, 'revision' | 'time'>;

/** The one snapshot. Every change anywhere gives one new whole snapshot with the next revision. */
export class SnapshotStore {
  readonly #read: () => SnapshotParts;
  readonly #clock: Clock;
  readonly #changed: Emitter<Snapshot>;
  #current: Snapshot;

  constructor(deps: { readonly read: () => SnapshotParts; readonly clock: Clock; readonly onListenerError: (error: unknown) => void }) {
    this.#read = deps.read;
    this.#clock = deps.clock;
    this.#changed = new Emitter(deps.onListenerError);
    this.#current = this.#next(1);
  }

  get current(): Snapshot {
    return this.#current;
  }

  /** Called by a part after it changed. */
  refresh(): void {
    this.#current = this.#next(this.#current.revision + 1);
    this.#changed.emit(this.#current);
  }

  onChange(listener: (snapshot: Snapshot) => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }

  #next(revision: number): Snapshot {
    return { revision, time: isoNow(this.#clock), ...this.#read() };
  }
}
