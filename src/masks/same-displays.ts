import type { Area } from './areas';

/** Electron counts in scaled units and rounds up: at 175 % a display comes out two pixels larger than it is. The margin of what is covered is no less. */
const ROUNDING = 2;

/** Whether two lists name the same displays, each of the one exactly one of the other, whatever their order. */
export function areSameDisplays(some: readonly Area[], others: readonly Area[]): boolean {
  if (some.length !== others.length) return false;
  const matches = some.map((display) => others.filter((other) => isSame(display, other)));
  return matches.every(({ length }) => length === 1) && new Set(matches.flat()).size === others.length;
}

function isSame(a: Area, b: Area): boolean {
  const isClose = Math.abs(a.width - b.width) <= ROUNDING && Math.abs(a.height - b.height) <= ROUNDING;
  return a.x === b.x && a.y === b.y && isClose;
}
