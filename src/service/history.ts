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

/** Since the service started. */
export interface HistoryTotals {
  readonly recorded: number;
  readonly uploaded: number;
  readonly failed: number;
  readonly uploadedBytes: number;
}

/** What happened to recordings in the last 24 hours, newest last; kept in memory only. */
export class History {
  #lines: readonly Line[] = [];
  readonly #clock: Clock;
  readonly #changed: Emitter<void>;
  #totals: HistoryTotals = { recorded: 0, uploaded: 0, failed: 0, uploadedBytes: 0 };

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

  get totals(): HistoryTotals {
    return this.#totals;
  }

  /** @param bytes of an upload */
  add(entry: Omit<HistoryEntry, 'time'>, bytes = 0): void {
    this.#totals = {
      ...this.#totals,
      [entry.event]: this.#totals[entry.event] + 1,
      uploadedBytes: this.#totals.uploadedBytes + bytes,
    };
    const line = { entry: { time: isoNow(this.#clock), ...entry }, at: this.#clock.steady() };
    this.#lines = [...this.#recent(), line].slice(-MAX_ENTRIES);
    this.#changed.emit();
  }

  #recent(): readonly Line[] {
    const oldest = this.#clock.steady() - DAY_MS;
    return this.#lines.filter(({ at }) => at >= oldest);
  }
}
