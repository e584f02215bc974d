import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { coverDesk } from '../../../src/masks/covered-desk';
import type { OpenVisibleWindows } from '../../../src/masks/ports';
import { readDesk } from '../../../src/masks/read-desk';
import { windowsOf } from '../../../src/x11/open-windows';
import { exemptFromSecondTry } from '../../support/exempt-from-second-try';
import { MASKED_SIZE, MaskedScreen, SECRET_RULES } from '../../support/masked-screen';
import { SECRET } from '../../support/window-script';

const PIXELS = MASKED_SIZE.width * MASKED_SIZE.height;

describe('windows that a rule covers', () => {
  const onlyTry = exemptFromSecondTry();
  let masked: MaskedScreen;

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', 'capture'], { cwd: resolve(__dirname, '../../..') });
  });

  beforeEach(async () => {
    masked = await MaskedScreen.start();
  });

  afterEach(() => masked.stop());

  it('are covered, and little else, while nothing moves, where they would be seen without a rule', async () => {
    const { screen, other } = masked;
    // Edges on even and on odd pixels, since masks begin on even ones.
    const area = { x: 31, y: 40, width: 700, height: 441 };
    await screen.windows.show({ colour: SECRET, area, title: 'secret', application: 'vault' });
    // Without a frame, whose grey would count.
    const front = { x: 500, y: 201, width: 401, height: 200 };
    await other.show({ colour: 0xe0e000, area: front, title: 'front', application: 'other', isOverride: true });
    await screen.windows.show({ colour: SECRET, area: { x: 800, y: 450, width: 16, height: 16 }, title: 'secret', isOverride: true });
    const [with_, without] = await Promise.all([masked.record(SECRET_RULES), masked.record({})]);
    await Promise.all([with_.recorded(3), without.recorded()]);
    const { areas } = coverDesk(await readDesk(windowsOf(screen.display)), { ...SECRET_RULES, maskExcept: [] });
    const wanted = areas.reduce((sum, { width, height }) => sum + width * height, 0);
    expect(wanted).toBeLessThan(704 * 472 - 200 * 190);
    const bare = await masked.framesOf(without);
    expect(Math.min(...bare.map(({ secret }) => secret))).toBeGreaterThan(wanted * 0.8);
    const seen = await masked.framesOf(with_);
    onlyTry(() => expect(seen.filter(({ secret }) => secret > 0)).toEqual([]));
    const needless = seen.map(({ grey }) => (grey - wanted) / wanted);
    expect(Math.min(...needless)).toBeGreaterThan(-0.01);
    expect(needless.reduce((sum, one) => sum + one, 0) / seen.length).toBeLessThan(0.03);
  });

  it('are covered in grey and smaller, over a pause and a new segment', async () => {
    const { screen } = masked;
    const size = { width: 480, height: 270 };
    const area = { x: 100, y: 80, width: 500, height: 350 };
    const window = await screen.windows.show({ colour: 0xffffff, area, title: 'secret', application: 'vault' });
    const at = await masked.record({ ...SECRET_RULES, grayscale: true, maxWidth: size.width });
    await at.recorded();
    at.command('pause');
    await at.is('paused');
    await screen.windows.place(window, { x: 300, y: 120 });
    at.command('resume');
    await at.is('recording');
    await at.recorded();
    at.recorder.unlocked();
    await at.is('recording', 2);
    await at.recorded();
    const seen = await masked.framesOf(at, size);
    // The window is all that is white on this screen, but for the pointer.
    expect(seen.length).toBeGreaterThan(5);
    onlyTry(() => expect(Math.max(...seen.map(({ bright }) => bright))).toBeLessThan(40));
    expect(Math.max(...seen.map(({ grey }) => grey))).toBeGreaterThan((size.width * size.height) / 5);
  });

  it('are never seen while their source is delayed, hangs and is killed', async () => {
    const breaking = breakingWindows(windowsOf(masked.screen.display));
    const at = await masked.record(SECRET_RULES, breaking.open);
    const script = masked.script(7);
    await script.run(1000);
    for (const mode of ['delayed', 'hanging', 'killed', 'well'] as const) {
      breaking.mode = mode;
      await script.run(2500);
    }
    const seen = await masked.framesOf(at);
    onlyTry(() => expect(seen.filter(({ secret }) => secret > 0)).toEqual([]));
    expect(seen.filter(({ grey }) => grey > PIXELS * 0.98).length).toBeGreaterThan(0);
    expect(at.problems.raised.has('windowsUnknown')).toBe(false);
  });

  it('end the recording or leave nothing of the display to be seen where they cannot be known, as the rules want it', async () => {
    const { screen } = masked;
    await screen.windows.show({ colour: SECRET, area: { x: 100, y: 80, width: 500, height: 350 }, title: 'secret' });
    const breaking = breakingWindows(windowsOf(screen.display));
    const [stopped, covered] = await Promise.all([
      masked.record({ ...SECRET_RULES, maskFailure: 'stop' }, breaking.open),
      masked.record(SECRET_RULES, windowsOf(undefined)),
    ]);
    await Promise.all([stopped.recorded(), covered.recorded()]);
    breaking.mode = 'killed';
    await stopped.is('failed');
    expect(stopped.problems.raised.has('windowsUnknown')).toBe(true);
    const before = await masked.framesOf(stopped);
    expect(before.length).toBeGreaterThan(0);
    onlyTry(() => expect(before.filter(({ secret }) => secret > 0)).toEqual([]));
    expect(covered.problems.raised.has('windowsUnknown')).toBe(true);
    expect(covered.recorder.state()).toMatchObject({ masked: 'all' });
    const seen = await masked.framesOf(covered);
    onlyTry(() => expect(seen.filter(({ grey }) => grey < PIXELS * 0.98)).toEqual([]));
  });
});

/** The windows of a source that a test breaks. */
function breakingWindows(open: OpenVisibleWindows): { mode: 'well' | 'delayed' | 'hanging' | 'killed'; readonly open: OpenVisibleWindows } {
  const state = {
    mode: 'well' as 'well' | 'delayed' | 'hanging' | 'killed',
    open: (async (listener) => {
      await answer();
      const windows = await open(listener);
      return {
        look: async () => {
          await answer();
          await windows.look();
        },
        close: () => windows.close(),
      };
    }) satisfies OpenVisibleWindows,
  };
  const answer = async (): Promise<void> => {
    if (state.mode === 'killed') throw new Error('killed by the test');
    const ms = { well: 0, delayed: 700, hanging: 2000 }[state.mode];
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (state.mode === 'hanging') throw new Error('the deadline of whoever asks is over');
  };
  return state;
}
