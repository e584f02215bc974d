import { isoNow, type Clock } from '../lib/clock';
import type { HistoryEntry } from '../shared/snapshot';

const MAX_ENTRIES = 100;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What happened to recordings in the last 24 hours, newest last; kept in memory only. */
export class History {
  #entries: readonly HistoryEntry[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get entries(): readonly HistoryEntry[] {
    const oldest = new Date(this.#clock.now() - DAY_MS).toISOString();
    return this.#entries.filter((entry) => entry.time >= oldest);
  }

  add(entry: Omit<HistoryEntry, 'time'>): void {
    this.#entries = [...this.entries, { time: isoNow(this.#clock), ...entry }].slice(-MAX_ENTRIES);
  }
}
