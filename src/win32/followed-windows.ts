import type { Area } from '../masks/areas';
import type { Desk } from '../masks/ports';
import { deskBetween } from './desk-between';
import type { WindowsSystem } from './ports';
import { readWindows, type WindowsReading } from './read-windows';
import { toDesk, unknownDesk } from './windows-desk';

/** What happens without an event that Windows tells is seen after this time at the latest, or with the next look. */
const UNTOLD_MS = 100;

/** The windows, read again whenever something happens; every state goes to `tell`, and what may have been in between. Everything throws where Windows fails. */
export class FollowedWindows {
  readonly #system: WindowsSystem;
  readonly #now: () => number;
  readonly #tell: (desk: Desk) => void;
  #last: WindowsReading | undefined;
  #displays: readonly Area[];
  #readAt = -Infinity;
  #told = '';

  /** @param now in milliseconds, never set back */
  constructor(system: WindowsSystem, now: () => number, tell: (desk: Desk) => void) {
    this.#system = system;
    this.#now = now;
    this.#tell = tell;
    this.#displays = system.monitors().map(({ area }) => area);
    this.look();
  }

  /** Reads now. */
  look(): void {
    this.#update(true);
  }

  /** Reads if something has happened. To be called all the time. */
  follow(): void {
    this.#update(this.#now() - this.#readAt >= UNTOLD_MS);
  }

  #update(isDue: boolean): void {
    const events = this.#system.drainEvents();
    if (!isDue && events?.length === 0) return;
    this.#readAt = this.#now();
    const before = this.#last; // none: the first time, and after everything was unknown
    const reading = readWindows(this.#system);
    this.#last = reading;
    if (reading === undefined) return this.#tellOnce(unknownDesk(this.#displays));
    const desk = toDesk(reading);
    this.#displays = desk.displays;
    const between = before === undefined ? undefined : deskBetween(before, reading, events);
    if (between !== undefined) this.#tellOnce(between);
    this.#tellOnce(desk);
  }

  #tellOnce(desk: Desk): void {
    const told = JSON.stringify(desk);
    if (told === this.#told) return;
    this.#told = told;
    this.#tell(desk);
  }
}
