import { coverDesk } from '../../../src/masks/covered-desk';
import { deskBetween } from '../../../src/win32/desk-between';
import type { WindowEvent, WindowEventKind, WindowRow } from '../../../src/win32/ports';
import type { WindowsReading } from '../../../src/win32/read-windows';
import { FAKE_MONITOR, fakeRow } from '../../fakes/fake-windows-system';

const SCREEN = FAKE_MONITOR.area;
const RULES = { masks: [{ title: 'secret' }], maskExcept: [] };
const SECRET = fakeRow(1, { title: 'secret' });
const FRONT = fakeRow(2, { area: { x: 0, y: 0, width: 1000, height: 800 } });

function reading(...rows: WindowRow[]): WindowsReading {
  return { monitors: [FAKE_MONITOR], rows, isOrderSure: true };
}

function event(kind: WindowEventKind, id: number, isVisible = false): WindowEvent {
  return { kind, id, isVisible };
}

function covered(before: WindowsReading, after: WindowsReading, events: readonly WindowEvent[] | undefined) {
  const desk = deskBetween(before, after, events);
  return desk === undefined ? undefined : coverDesk(desk, RULES).areas;
}

describe('between two readings', () => {
  it('is nothing that they do not show themselves when nothing moved', () => {
    expect(covered(reading(SECRET), reading(SECRET), [])).toBeUndefined();
    expect(covered(reading(), reading(SECRET), [event('shown', 1, true)])).toBeUndefined();
    expect(covered(reading(SECRET), reading(), [event('hidden', 1)])).toBeUndefined();
    expect(covered(reading(SECRET), reading({ ...SECRET, title: 'other' }), [event('renamed', 1)])).toBeUndefined();
  });

  it.each<[string, WindowRow, readonly WindowEvent[]]>([
    ['it is elsewhere, told or not', { ...SECRET, area: { ...SECRET.area, x: 300 } }, []],
    ['it is back where it was', SECRET, [event('moved', 1), event('moved', 1)]],
    ['only what the compositor draws of it is larger', { ...SECRET, frame: { x: 0, y: 0, width: 900, height: 700 } }, []],
  ])('a window may have been anywhere that moved: %s', (_what, after, events) => {
    expect(covered(reading(SECRET), reading(after), events)).toContainEqual(SCREEN);
  });

  it('one that is minimised or brought back is drawn on its way', () => {
    expect(covered(reading(SECRET), reading(), [event('moved', 1)])).toContainEqual(SCREEN);
    expect(covered(reading(), reading(SECRET), [event('moved', 1)])).toContainEqual(SCREEN);
  });

  it('a window in front that moved hid nothing', () => {
    expect(covered(reading(FRONT, SECRET), reading(FRONT, SECRET), [event('moved', 2)])).toEqual([SECRET.area]);
  });

  it('nothing was hidden while the order changed, also when it is as before', () => {
    expect(covered(reading(FRONT, SECRET), reading(FRONT, SECRET), [event('reordered', 0)])).toEqual([SECRET.area]);
    expect(covered(reading(FRONT, SECRET), reading(SECRET, FRONT), [])).toEqual([SECRET.area]);
  });

  it('a window that came and went had no name that was read', () => {
    expect(covered(reading(), reading(), [event('shown', 5), event('hidden', 5)])).toEqual([SCREEN]);
  });

  it('one that is visible and not shown is minimised or cloaked', () => {
    expect(covered(reading(), reading(), [event('shown', 5, true)])).toBeUndefined();
  });

  it('a title in between was not read: changed twice, or back', () => {
    const other = fakeRow(3, { title: 'other' });
    expect(covered(reading(other), reading(other), [event('renamed', 3)])).toEqual([other.area]);
    expect(covered(reading(other), reading({ ...other, title: 'new' }), [event('renamed', 3), event('renamed', 3)])).toEqual([other.area]);
  });

  it('is not known when events are missing', () => {
    expect(covered(reading(), reading(), undefined)).toEqual([SCREEN]);
  });

  it('windows that are not shown may move as they like', () => {
    expect(covered(reading(SECRET), reading(SECRET), [event('moved', 77), event('renamed', 77), event('hidden', 77)])).toBeUndefined();
  });
});
