import { coverDesk } from '../../../src/masks/covered-desk';
import type { Desk } from '../../../src/masks/ports';
import { FollowedWindows } from '../../../src/win32/followed-windows';
import { readWindows } from '../../../src/win32/read-windows';
import { FAKE_MONITOR, fakeRow, FakeWindowsSystem } from '../../fakes/fake-windows-system';

const RULES = { masks: [{ title: 'secret' }], maskExcept: [] };
const SECRET = fakeRow(1, { title: 'secret' });

function follow(system: FakeWindowsSystem) {
  const desks: Desk[] = [];
  const clock = { now: 0 };
  const followed = new FollowedWindows(
    system,
    () => clock.now,
    (desk) => desks.push(desk),
  );
  const covered = () => desks.splice(0).map((desk) => coverDesk(desk, RULES).areas);
  return { followed, clock, covered };
}

describe('reading the windows', () => {
  it('takes what only one of two lists names, in the order of the fuller one', () => {
    const system = new FakeWindowsSystem();
    system.rows = [fakeRow(1), fakeRow(2)];
    system.surfaces = [fakeRow(3)];
    const reading = readWindows(system);
    expect(reading?.rows.map(({ id }) => id)).toEqual([3, 1, 2]);
    expect(reading?.isOrderSure).toBe(true);
  });

  it('reads again while the order changes, and is not sure when it never ends', () => {
    const system = new FakeWindowsSystem();
    system.rows = [fakeRow(1), fakeRow(2)];
    let swaps = 1;
    system.onEnumerate = () => {
      if ((swaps -= 1) >= 0) system.rows = [...system.rows].reverse();
    };
    expect(readWindows(system)).toMatchObject({ isOrderSure: true, rows: [{ id: 2 }, { id: 1 }] });
    swaps = Infinity;
    expect(readWindows(system)?.isOrderSure).toBe(false);
  });

  it('fails without a monitor, and where Windows fails', () => {
    const system = new FakeWindowsSystem();
    system.monitorRows = [];
    expect(() => readWindows(system)).toThrow('no monitor');
    system.failure = new Error('refused');
    expect(() => readWindows(system)).toThrow('refused');
  });
});

describe('following the windows', () => {
  it('tells the first state, then only changes, and what may have been in between before them', () => {
    const system = new FakeWindowsSystem();
    system.rows = [SECRET];
    const { followed, covered } = follow(system);
    expect(covered().at(-1)).toEqual([SECRET.area]);
    followed.look();
    expect(covered()).toEqual([]);
    system.rows = [{ ...SECRET, area: { ...SECRET.area, x: 500 } }];
    followed.look();
    expect(covered()).toEqual([[FAKE_MONITOR.area], [{ ...SECRET.area, x: 500 }]]);
  });

  it('reads when something happened, and now and then without', () => {
    const system = new FakeWindowsSystem();
    const { followed, clock } = follow(system);
    const { reads } = system;
    followed.follow();
    expect(system.reads).toBe(reads);
    system.events = [{ kind: 'shown', id: 1, isVisible: true }];
    followed.follow();
    expect(system.reads).toBe(reads + 1);
    clock.now += 1000;
    followed.follow();
    expect(system.reads).toBe(reads + 2);
  });

  it('covers everything while another desktop is shown, and until a state is known again', () => {
    const system = new FakeWindowsSystem();
    const { followed, covered } = follow(system);
    covered();
    system.isShown = false;
    followed.look();
    expect(covered()).toEqual([[FAKE_MONITOR.area]]);
    system.isShown = true;
    followed.look();
    expect(covered()).toEqual([[]]);
  });

  it('throws what Windows throws: never an empty desk', () => {
    const system = new FakeWindowsSystem();
    const { followed, covered } = follow(system);
    covered();
    system.failure = new Error('refused');
    expect(() => followed.look()).toThrow('refused');
    expect(covered()).toEqual([]);
  });
});
