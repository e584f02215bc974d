import type { MonitorRow, WindowRow, WindowsSystem } from './ports';

/** The windows of one moment, as far as they can be read at once. */
export interface WindowsReading {
  readonly monitors: readonly MonitorRow[];
  /** Those that are shown, the uppermost first. */
  readonly rows: readonly WindowRow[];
  /** Two readings gave the same order. */
  readonly isOrderSure: boolean;
}

/** Windows come and go while they are read. */
const MAX_TRIES = 3;

/** Every window that is shown. @returns `undefined` while another desktop than the user's is shown. Throws where Windows does not tell. */
export function readWindows(system: WindowsSystem): WindowsReading | undefined {
  if (!system.isDesktopShown()) return undefined;
  let reading = readOnce(system);
  for (let tries = 1; tries < MAX_TRIES && !reading.isOrderSure; tries += 1) reading = readOnce(system);
  return system.isDesktopShown() ? reading : undefined;
}

function readOnce(system: WindowsSystem): WindowsReading {
  const listed = system.enumerate();
  const rows = new Map<number, WindowRow>();
  const describe = (id: number): void => {
    const row = rows.has(id) ? undefined : system.describe(id);
    if (row !== undefined) rows.set(id, row);
  };
  listed.forEach(describe);
  const walked = system.walk();
  walked.forEach(describe);
  const monitors = system.monitors();
  if (monitors.length === 0) throw new Error('Windows names no monitor');
  const isShown = (id: number): boolean => rows.has(id);
  const listedOrder = listed.filter(isShown);
  const isListed = new Set(listedOrder);
  const walkedOrder = walked.filter(isShown);
  const isOrderSure = isSameOrder(
    listedOrder,
    walkedOrder.filter((id) => isListed.has(id)),
  );
  // A window that only one of the two named is there all the same.
  const order = new Set([...walkedOrder, ...listedOrder]);
  return { monitors, isOrderSure, rows: [...order].map((id) => rows.get(id)).filter((row) => row !== undefined) };
}

export function isSameOrder(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index]);
}
