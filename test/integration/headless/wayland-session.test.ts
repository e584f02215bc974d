import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isNear } from '../../support/recorded-frames';
import { GREEN, PaintedScreen } from '../../support/painted-screen';
import { RecorderOnScreen } from '../../support/recorder-on-screen';

const ALL = { x: 0, y: 0, width: 1280, height: 720 };
const VARIABLES = ['WAYLAND_DISPLAY', 'XDG_SESSION_TYPE', 'DISPLAY'] as const;

/** The X display of a Wayland session is Xwayland's: it has the windows of X programs, and no others. */
describe('in a Wayland session', () => {
  let folder: string;
  let screen: PaintedScreen;
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', 'capture'], { cwd: resolve(__dirname, '../../..') });
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'srs-wayland-'));
    screen = await PaintedScreen.start();
  });
  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    await screen.stop();
    await rm(folder, { recursive: true });
  });

  async function record(display: string | undefined): Promise<boolean[]> {
    const told: boolean[] = [];
    await screen.paint(GREEN, ALL);
    const at = new RecorderOnScreen(display, {}, (isWhole) => void told.push(isWhole));
    try {
      at.command('start');
      await at.is('recording');
      await at.recorded(2);
      at.command('stop');
      await at.is('idle');
      const frames = await at.frames(folder);
      expect(isNear(frames.at(-1)!.colours[0]!, GREEN)).toBe(true);
      return told;
    } finally {
      await at.recorder.stop();
    }
  }

  it.each([
    ['by both variables', { WAYLAND_DISPLAY: 'wayland-0', XDG_SESSION_TYPE: 'wayland' }],
    ['by the display alone', { WAYLAND_DISPLAY: 'wayland-0' }],
    ['by the type alone', { XDG_SESSION_TYPE: 'wayland' }],
  ])('the X display of the session is recorded, and it is told that this is not all (%s)', async (_how, variables) => {
    Object.assign(process.env, variables, { DISPLAY: screen.display });
    expect(new Set(await record(undefined))).toEqual(new Set([false]));
  });

  it('the same is told of an Xwayland that the variables do not speak of', async () => {
    await screen.name('XWAYLAND0', ALL);
    expect(new Set(await record(screen.display))).toEqual(new Set([false]));
  });

  it('a display that was named on purpose is recorded whole', async () => {
    Object.assign(process.env, { WAYLAND_DISPLAY: 'wayland-0', XDG_SESSION_TYPE: 'wayland' });
    expect(new Set(await record(screen.display))).toEqual(new Set([true]));
  });
});
