import type { Desk, DeskWindow } from '../masks/ports';
import type { WindowEvent, WindowRow } from './ports';
import { isSameOrder, type WindowsReading } from './read-windows';
import { toDesk, unknownDesk, unknownWindow, wholeArea } from './windows-desk';

/**
 * What may have been shown between two readings and is in neither, for the union with both. `undefined`: nothing. Pure.
 *
 * Windows does not tell places, only that something moved: where a window was in between is not known, nor where an animation draws it while it
 * is minimised or brought back. So its area is the whole screen, and it hides nothing.
 * @param events what happened; `undefined` when not all of it is known
 */
export function deskBetween(before: WindowsReading, after: WindowsReading, events: readonly WindowEvent[] | undefined): Desk | undefined {
  const { displays } = toDesk(after);
  if (events === undefined) return unknownDesk(displays);
  const flashed = findFlashed(before, after, events);
  const moved = findMoved(before, after, events);
  const renamed = findRenamed(before, after, events);
  const isReordered = events.some(({ kind }) => kind === 'reordered') || !hasSameOrder(before, after);
  if (flashed.length === 0 && moved.size === 0 && renamed.size === 0 && !isReordered) return undefined;
  const fleeting = flashed.flatMap(() => displays).map((area, index) => unknownWindow(-1 - index, area));
  const windows = together(before, after).flatMap((window): readonly DeskWindow[] => {
    const areas = moved.has(window.id) ? displays : [window.area];
    const opaque = isReordered || moved.has(window.id) ? [] : window.opaque;
    const names = renamed.has(window.id) ? { ...window, isUnknown: true } : window;
    return areas.map((area) => ({ ...names, area, opaque }));
  });
  return { displays, windows: [...fleeting, ...windows] };
}

/** The windows of both, those that are gone in front. What is only in one of the two hides nothing. */
function together(before: WindowsReading, after: WindowsReading): readonly DeskWindow[] {
  const [was, is] = [idsOf(before), idsOf(after)];
  const gone = toDesk(before).windows.filter(({ id }) => !is.has(id));
  const windows = [...gone, ...toDesk(after).windows];
  return windows.map((window) => (was.has(window.id) && is.has(window.id) ? window : { ...window, opaque: [] }));
}

/** Shown in between, and not there before or after. */
function findFlashed(before: WindowsReading, after: WindowsReading, events: readonly WindowEvent[]): readonly number[] {
  const known = new Set([...idsOf(before), ...idsOf(after)]);
  return [...new Set(events.filter(({ kind, id, isVisible }) => kind === 'shown' && !isVisible && !known.has(id)).map(({ id }) => id))];
}

function findMoved(before: WindowsReading, after: WindowsReading, events: readonly WindowEvent[]): ReadonlySet<number> {
  const areas = new Map(before.rows.map((row) => [row.id, placeOf(row)]));
  const other = after.rows.filter((row) => areas.has(row.id) && areas.get(row.id) !== placeOf(row)).map(({ id }) => id);
  return new Set([...other, ...events.filter(({ kind }) => kind === 'moved').map(({ id }) => id)].filter(inEither(before, after)));
}

/** Renamed more than once, or back: it had a name that nobody read. */
function findRenamed(before: WindowsReading, after: WindowsReading, events: readonly WindowEvent[]): ReadonlySet<number> {
  const titles = new Map(before.rows.map(({ id, title }) => [id, title]));
  const counts = new Map<number, number>();
  for (const { kind, id } of events) if (kind === 'renamed') counts.set(id, (counts.get(id) ?? 0) + 1);
  const isSameAgain = (id: number): boolean => after.rows.some((row) => row.id === id && row.title === titles.get(id));
  return new Set([...counts].filter(([id, count]) => inEither(before, after)(id) && (count > 1 || isSameAgain(id))).map(([id]) => id));
}

function inEither(before: WindowsReading, after: WindowsReading): (id: number) => boolean {
  const known = new Set([...idsOf(before), ...idsOf(after)]);
  return (id) => known.has(id);
}

function hasSameOrder(before: WindowsReading, after: WindowsReading): boolean {
  const [was, is] = [idsOf(before), idsOf(after)];
  return isSameOrder(
    [...was].filter((id) => is.has(id)),
    [...is].filter((id) => was.has(id)),
  );
}

function idsOf({ rows }: WindowsReading): ReadonlySet<number> {
  return new Set(rows.map(({ id }) => id));
}

function placeOf(row: WindowRow): string {
  const { x, y, width, height } = wholeArea(row);
  return `${width}x${height}+${x}+${y}`;
}
