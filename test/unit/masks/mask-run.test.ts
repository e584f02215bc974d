import { silentLogger } from '../../../src/lib/logger';
import { MaskRun, type Covering } from '../../../src/masks/mask-run';
import { FakeClock } from '../../fakes/fake-clock';
import { FAKE_DISPLAY, FakeVisibleWindows, fakeWindow } from '../../fakes/fake-visible-windows';

const LEFT = { x: 0, y: 0, width: 10, height: 10 };
const MIDDLE = { x: 40, y: 0, width: 10, height: 10 };
const RIGHT = { x: 80, y: 0, width: 10, height: 10 };

describe('looks at the windows during a run of the encoder', () => {
  let windows: FakeVisibleWindows;
  let clock: FakeClock;
  let told: Covering[];
  let run: MaskRun;

  beforeEach(() => {
    windows = new FakeVisibleWindows();
    clock = new FakeClock();
    told = [];
    const rules = { masks: [{ title: 'secret', note: 'Cards' }], maskExcept: [], maskFailure: 'cover' } as const;
    const onCovering = (covering: Covering): void => void told.push(covering);
    run = new MaskRun({ open: windows.open, clock, log: silentLogger }, { rules, displays: [FAKE_DISPLAY], onCovering });
  });

  const secretAt = (area: typeof LEFT): void => windows.show([fakeWindow(1, 'secret', area)]);

  it('cover everything until one was there before', async () => {
    expect(await run.look()).toEqual({ look: 1, cover: 'all' });
    expect(await run.look(1)).toEqual({ look: 2, cover: [] });
  });

  it('cover every place of a window between two of them', async () => {
    secretAt(LEFT);
    await run.look();
    secretAt(MIDDLE);
    secretAt(RIGHT);
    expect(await run.look(1)).toEqual({ look: 2, cover: expect.arrayContaining([LEFT, MIDDLE, RIGHT]) });
    expect(await run.look(2)).toEqual({ look: 3, cover: [RIGHT] });
    expect((await run.look(1)).cover).toHaveLength(3);
    windows.show([]);
    expect(await run.look(4)).toEqual({ look: 5, cover: [RIGHT] });
    expect(await run.look(5)).toEqual({ look: 6, cover: [] });
  });

  it('cover everything from before they failed until one succeeded and another one after it', async () => {
    await run.look();
    windows.mode = 'fail';
    expect((await run.look(1)).cover).toBe('all');
    windows.mode = 'answer';
    expect((await run.look(2)).cover).toBe('all');
    expect((await run.look(3)).cover).toEqual([]);
    expect((await run.look(1)).cover).toBe('all');
    expect(windows.opened).toBe(2);
  });

  it('cover everything when the source was lost and found again between two of them', async () => {
    await run.look();
    windows.lose();
    expect((await run.look(1)).cover).toBe('all');
    expect((await run.look(2)).cover).toEqual([]);
  });

  it('cover everything while the displays are others than the capture has', async () => {
    await run.look();
    windows.show([], [{ ...FAKE_DISPLAY, width: 50 }]);
    windows.show([]);
    expect((await run.look(1)).cover).toBe('all');
    windows.show([], [{ ...FAKE_DISPLAY, x: 1 }]);
    expect((await run.look(2)).cover).toBe('all');
    windows.show([]);
    expect((await run.look(3)).cover).toBe('all');
    expect((await run.look(4)).cover).toEqual([]);
  });

  it('cover everything since a look that is too long ago to be remembered', async () => {
    await run.look();
    for (let look = 1; look < 300; look += 1) await run.look(look);
    expect((await run.look(1)).cover).toBe('all');
    expect((await run.look(100)).cover).toEqual([]);
  });

  it('tell what is covered by the rule’s note, once, and that it is over after a while', async () => {
    await run.look();
    secretAt(LEFT);
    await run.look(1);
    secretAt(RIGHT);
    await run.look(2);
    windows.show([]);
    await run.look(3);
    expect(told).toEqual([
      { isWhole: false, reasons: [] },
      { isWhole: false, reasons: ['Cards'] },
    ]);
    await clock.advance(2500);
    await run.look(4);
    expect(told.at(-1)).toEqual({ isWhole: false, reasons: [] });
    windows.mode = 'fail';
    await run.look(5);
    expect(told.at(-1)).toEqual({ isWhole: true, reasons: [] });
  });

  it('close their source when the run ends, and open none any more', async () => {
    await run.look();
    run.end();
    await Promise.resolve();
    expect(windows.closed).toBe(1);
    expect((await run.look(1)).cover).toBe('all');
    expect(windows.opened).toBe(1);
  });
});
