import type { MonitorRow, NamedWindow, WindowEvent, WindowRow, WindowsSystem } from '../../src/win32/ports';

export const FAKE_MONITOR: MonitorRow = { area: { x: 0, y: 0, width: 1000, height: 800 }, isPrimary: true };

export function fakeNamed(id: number, title: string, file: string | undefined = 'notes.exe'): NamedWindow {
  return { id, title, process: { id: file === undefined ? 0 : file.length, file } };
}

/** An ordinary window with a title bar, 400x300 at 100,100. Processes are told apart by their file's length. */
export function fakeRow(id: number, row: Partial<WindowRow> = {}): WindowRow {
  return {
    ...fakeNamed(id, `window ${id}`),
    className: 'Notes',
    style: 0x14cf0000,
    extendedStyle: 0x100,
    area: { x: 100, y: 100, width: 400, height: 300 },
    frame: undefined,
    hasRegion: false,
    isCloaked: false,
    dpi: 96,
    owners: [],
    guests: [],
    ghostOf: undefined,
    ...row,
  };
}

/** Windows that a test arranges. */
export class FakeWindowsSystem implements WindowsSystem {
  rows: readonly WindowRow[] = [];
  /** Only `walk` tells them: surfaces of the system. */
  surfaces: readonly WindowRow[] = [];
  monitorRows: readonly MonitorRow[] = [FAKE_MONITOR];
  isShown = true;
  events: readonly WindowEvent[] | undefined = [];
  /** Thrown by the next questions. */
  failure: Error | undefined;
  reads = 0;
  /** Called while windows are listed. */
  onEnumerate: () => void = () => undefined;

  isDesktopShown(): boolean {
    return this.isShown;
  }

  monitors(): readonly MonitorRow[] {
    return this.monitorRows;
  }

  enumerate(): readonly number[] {
    if (this.failure !== undefined) throw this.failure;
    this.reads += 1;
    const ids = this.rows.map(({ id }) => id);
    this.onEnumerate();
    return ids;
  }

  walk(): readonly number[] {
    return [...this.surfaces, ...this.rows].map(({ id }) => id);
  }

  describe(id: number): WindowRow | undefined {
    return [...this.surfaces, ...this.rows].find((row) => row.id === id);
  }

  drainEvents(): readonly WindowEvent[] | undefined {
    const { events } = this;
    this.events = [];
    return events;
  }
}
