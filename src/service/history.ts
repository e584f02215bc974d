import { isoNow, type Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { Emitter, type Unsubscribe } from '../shared/emitter';
import type { HistoryEntry } from '../shared/snapshot';

const MAX_ENTRIES = 100;
const DAY_MS = 24 * 60 * 60 * 1000;

interface Line {
  readonly entry: HistoryEntry;
  /** Of `Clock.steady`. */
  readonly at: number;
}

/** What happened to recordings in the last 24 hours, newest last; kept in memory only. */
export class History {
  #lines: readonly Line[] = [];
  readonly #clock: Clock;
  readonly #changed: Emitter<void>;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Logger }) {
    this.#clock = clock;
    this.#changed = new Emitter((error) => log.error('a listener for the history failed', { error }));
  }

  get entries(): readonly HistoryEntry[] {
    return this.#recent().map(({ entry }) => entry);
  }

  onChange(listener: () => void): Unsubscribe {
    return this.#changed.subscribe(listener);
  }

  add(entry: Omit<HistoryEntry, 'time'>): void {
    const line = { entry: { time: isoNow(this.#clock), ...entry }, at: this.#clock.steady() };
    this.#lines = [...this.#recent(), line].slice(-MAX_ENTRIES);
    this.#changed.emit();
  }

  #recent(): readonly Line[] {
    const oldest = this.#clock.steady() - DAY_MS;
    return this.#lines.filter(({ at }) => at >= oldest);
  }
}
