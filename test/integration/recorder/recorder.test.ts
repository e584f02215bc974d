import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { RecordedFrame } from '../../support/recorded-frames';
import { isNear } from '../../support/recorded-frames';
import { probeMedia } from '../../support/media-file';
import { BLUE, GREEN, PaintedScreen, RED } from '../../support/painted-screen';
import { captureBrowsers, RecorderOnScreen } from '../../support/recorder-on-screen';
import { until } from '../../support/until';

const WIDTH = 1280;
const HEIGHT = 720;
const ALL = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
const LEFT = { ...ALL, width: WIDTH / 2 };
const RIGHT = { ...LEFT, x: WIDTH / 2 };
const BLACK = 0x000000;
/** What a change on the screen may take to be seen in the video. */
const TOLERANCE_MS = 400;

const run = promisify(execFile);

/** When `colour` is first seen in a column at or after `from`. */
function firstSeen(frames: readonly RecordedFrame[], colour: number, from: number, column = 0): number {
  const frame = frames.find(({ at, colours }) => at > from - TOLERANCE_MS && isNear(colours[column]!, colour));
  if (frame === undefined) throw new Error(`0x${colour.toString(16)} is never seen`);
  return frame.at;
}

function expectSeen(frames: readonly RecordedFrame[], colour: number, shownAt: number, column = 0): void {
  expect(Math.abs(firstSeen(frames, colour, shownAt, column) - shownAt)).toBeLessThan(TOLERANCE_MS);
}

describe('the recorder on a real screen', () => {
  let screen: PaintedScreen;
  let folder: string;
  let at: RecorderOnScreen;

  beforeAll(async () => {
    await run(process.execPath, ['scripts/build.mjs', 'capture'], { cwd: resolve(__dirname, '../../..') });
  });

  beforeEach(async () => {
    screen = await PaintedScreen.start(`${WIDTH}x${HEIGHT}`);
    folder = await mkdtemp(join(tmpdir(), 'srs-recorder-test-'));
  });

  afterEach(async () => {
    await at.recorder.stop();
    expect(await captureBrowsers()).toEqual([]);
    expect((await readdir(tmpdir())).filter((name) => name.startsWith(`srs-profiles-${process.pid}-`))).toEqual([]);
    await screen.stop();
    await rm(folder, { recursive: true });
  });

  it('shows every change at its time, nothing of the screen during a pause, and is playable up to any slice', async () => {
    at = new RecorderOnScreen(screen.display);
    await screen.paint(RED, ALL);
    await at.recorder.warm();
    at.command('start');
    await at.is('recording');
    await at.recorded(1);
    const green = await screen.paint(GREEN, ALL);
    await at.recorded();
    at.command('pause');
    await at.is('paused');
    const paused = Date.now();
    await screen.paint(BLUE, ALL);
    await at.recorded();
    const secondGreen = await screen.paint(GREEN, ALL);
    at.command('resume');
    await at.is('recording');
    const resumed = Date.now();
    await at.recorded();
    const stopped = Date.now();
    at.command('stop');
    await at.is('idle');

    const frames = await at.frames(folder);
    expect(isNear(frames[0]!.colours[0]!, RED)).toBe(true);
    expectSeen(frames, GREEN, green);
    expectSeen(frames, BLACK, paused);
    expectSeen(frames, GREEN, Math.max(secondGreen, resumed));
    expect(frames.some(({ colours }) => isNear(colours[0]!, BLUE))).toBe(false);
    expect(Math.abs(frames.at(-1)!.at - stopped)).toBeLessThan(TOLERANCE_MS);
    expect(at.store.last.events.map(({ event }) => event)).toEqual(['paused', 'resumed']);
    expect(at.reports.map(({ state }) => state)).toEqual(['Recording', 'Paused', 'Recording', 'Recorded']);
    expect(await probeMedia(join(folder, 'segment-0.mkv'))).toMatchObject({ codec: 'h264', width: WIDTH, height: HEIGHT });
    const { slices } = at.store.last.segments[0]!;
    // The first slice may hold no more than the file's first byte.
    for (let count = 2; count <= slices.length; count += 1) {
      const file = join(folder, `first-${count}.mkv`);
      await writeFile(file, Buffer.concat(slices.slice(0, count)));
      expect((await probeMedia(file)).frames).toBeGreaterThan(0);
    }
  });

  it('shows a change at its time after the screen stood still for so long that it is no longer read', async () => {
    at = new RecorderOnScreen(screen.display);
    await screen.paint(RED, ALL);
    await at.recorder.warm();
    at.command('start');
    await at.is('recording');
    await at.recorded(5);
    const green = await screen.paint(GREEN, ALL);
    await at.recorded(5);
    const blue = await screen.paint(BLUE, ALL);
    await at.recorded();
    at.command('stop');
    await at.is('idle');
    const frames = await at.frames(folder);
    expectSeen(frames, GREEN, green);
    expectSeen(frames, BLUE, blue);
    expect(frames.every(({ at: time }, index) => index === 0 || time - frames[index - 1]!.at < 2000)).toBe(true);
    expect(at.store.last.segments).toHaveLength(1);
  });

  it('leaves a pause out when the timeline is cut', async () => {
    at = new RecorderOnScreen(screen.display, { pauseMode: 'cut', grayscale: true });
    await screen.paint(GREEN, ALL);
    at.command('start');
    await at.is('recording');
    await at.recorded(1);
    at.command('pause');
    await at.is('paused');
    await screen.paint(BLUE, ALL);
    const resumed = Date.now() + 1500;
    await until('the pause to be over', () => Date.now() > resumed);
    await screen.paint(GREEN, ALL);
    at.command('resume');
    await at.is('recording');
    await at.recorded(1);
    const { startedAt, stoppedAt } = { startedAt: (await at.frames(folder))[0]!.at, stoppedAt: Date.now() };
    at.command('stop');
    await at.is('idle');

    const frames = await at.frames(folder);
    expect(stoppedAt - startedAt - (frames.at(-1)!.at - startedAt)).toBeGreaterThan(1200);
    const shades = frames.map(({ colours: [colour] }) => colour!);
    expect(shades.every((shade) => isNear(shade, (shade & 0xff) * 0x010101))).toBe(true);
    expect(shades.every((shade) => isNear(shade, shades[0]!))).toBe(true);
  });

  it('has two displays side by side, and goes on when the second one comes during a recording', async () => {
    at = new RecorderOnScreen(screen.display);
    await screen.paint(RED, ALL);
    at.command('start');
    await at.is('recording');
    await at.recorded(1);
    await screen.split(WIDTH, HEIGHT);
    await until('both displays to be recorded', () => {
      const state = at.recorder.state();
      return state.status === 'recording' && state.displays.length === 2;
    });
    await at.recorded();
    const left = await screen.paint(GREEN, LEFT);
    await at.recorded();
    const right = await screen.paint(BLUE, RIGHT);
    await at.recorded();
    at.command('stop');
    await at.is('idle');

    const { segments, events } = at.store.last;
    expect(segments[0]!.start.displays).toEqual([ALL]);
    expect(segments.at(-1)!.start.displays).toEqual([LEFT, RIGHT]);
    expect(events.map(({ event }) => event)).toContain('displaysChanged');
    expect(isNear((await at.frames(folder, 0))[0]!.colours[0]!, RED)).toBe(true);
    const frames = await at.frames(folder, segments.length - 1, 2);
    expectSeen(frames, GREEN, left, 0);
    expectSeen(frames, BLUE, right, 1);
    expect(isNear(frames.find(({ at: time }) => time > left + TOLERANCE_MS)!.colours[1]!, RED)).toBe(true);
  });

  it.each([
    ['turned', 720, 1280],
    ['rescaled', 640, 360],
  ])('goes on in a new segment when the display is %s, with its geometry', async (_name, width, height) => {
    const turnable = await PaintedScreen.start('1280x1280');
    try {
      await turnable.resize(WIDTH, HEIGHT);
      at = new RecorderOnScreen(turnable.display);
      await turnable.paint(RED, ALL);
      at.command('start');
      await at.is('recording');
      await at.recorded(1);
      const changed = Date.now();
      await turnable.resize(width, height);
      await until('the changed display to be recorded', () => {
        const state = at.recorder.state();
        return state.status === 'recording' && state.segment > 1 && state.displays[0]?.width === width;
      });
      const green = await turnable.paint(GREEN, { x: 0, y: 0, width, height });
      await at.recorded();
      at.command('stop');
      await at.is('idle');

      const { segments, events } = at.store.last;
      const last = segments.length - 1;
      expect(segments[0]!.start.displays).toEqual([ALL]);
      expect(segments[last]!.start.displays).toEqual([{ x: 0, y: 0, width, height }]);
      expect(events.map(({ event }) => event)).toContain('displaysChanged');
      expect(isNear((await at.frames(folder, 0))[0]!.colours[0]!, RED)).toBe(true);
      expect((await at.frames(folder, 0)).at(-1)!.at).toBeGreaterThan(changed - TOLERANCE_MS);
      expectSeen(await at.frames(folder, last), GREEN, green);
      expect(await probeMedia(join(folder, `segment-${last}.mkv`))).toMatchObject({ width, height });
      expect(at.reports.map(({ state }) => state)).toEqual(['Recording', 'Recorded']);
    } finally {
      await at.recorder.stop();
      await turnable.stop();
    }
  });

  it('has the primary display alone, bounded in size, when that is wanted', async () => {
    at = new RecorderOnScreen(screen.display, { displays: 'primary', maxWidth: 320 });
    await screen.paint(GREEN, LEFT);
    await screen.paint(BLUE, RIGHT);
    await screen.split(WIDTH, HEIGHT);
    at.command('start');
    await at.is('recording');
    await at.recorded(1);
    at.command('stop');
    await at.is('idle');
    const frames = await at.frames(folder, 0, 4);
    expect(frames.at(-1)!.colours.every((colour) => isNear(colour, GREEN))).toBe(true);
    expect(await probeMedia(join(folder, 'segment-0.mkv'))).toMatchObject({ width: 320, height: 360 });
  });

  it('goes on in a new segment when the browser is killed, with the gap noted and at most two seconds lost', async () => {
    at = new RecorderOnScreen(screen.display);
    await screen.paint(RED, ALL);
    await at.recorder.warm();
    at.command('start');
    await at.is('recording');
    await at.recorded(3);
    const [browser] = await captureBrowsers();
    const killed = Date.now();
    process.kill(browser!, 'SIGKILL');
    await at.is('recording', 2);
    const green = await screen.paint(GREEN, ALL);
    await at.recorded();
    at.command('stop');
    await at.is('idle');
    expect(killed - (await at.frames(folder, 0)).at(-1)!.at).toBeLessThan(2000);
    expectSeen(await at.frames(folder, 1), GREEN, green);
    expect(at.store.last.events).toMatchObject([{ event: 'gap' }]);
  });

  it('loses nothing to a disk that is slow', async () => {
    at = new RecorderOnScreen(screen.display);
    let open: () => void = () => undefined;
    at.store.appendGate = new Promise((resolve) => (open = resolve));
    await screen.paint(RED, ALL);
    at.command('start');
    await at.is('recording');
    const green = await screen.paint(GREEN, ALL);
    await until('bytes that wait', () => {
      const state = at.recorder.state();
      return state.status === 'recording' && state.bytes > 0 && Date.now() > green + 3000;
    });
    expect(at.store.last.segments[0]!.slices).toEqual([]);
    open();
    at.command('stop');
    await at.is('idle');
    expectSeen(await at.frames(folder), GREEN, green);
  });
});
