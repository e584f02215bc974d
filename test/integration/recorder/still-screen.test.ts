import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isNear } from '../../support/recorded-frames';
import { PaintedScreen, RED } from '../../support/painted-screen';
import { captureBrowsers, RecorderOnScreen } from '../../support/recorder-on-screen';
import { until } from '../../support/until';

const ALL = { x: 0, y: 0, width: 1280, height: 720 };
/** As bright as each other to a camera: only their colour differs. */
const RED_LAMP = 0xc80000;
const GREEN_LAMP = 0x006700;
/** Just before the next slice of a screen that stands still, when a kill costs most. */
const AFTER_A_SLICE_MS = 1650;

describe('a screen that stands still', () => {
  let screen: PaintedScreen;
  let folder: string;
  let at: RecorderOnScreen;

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', 'capture'], { cwd: resolve(__dirname, '../../..') });
  });

  beforeEach(async () => {
    screen = await PaintedScreen.start();
    folder = await mkdtemp(join(tmpdir(), 'srs-still-test-'));
    at = new RecorderOnScreen(screen.display);
    await at.recorder.warm();
  });

  afterEach(async () => {
    await at.recorder.stop();
    await screen.stop();
    await rm(folder, { recursive: true });
  });

  it('loses at most two seconds when the browser is killed at the worst moment', async () => {
    await screen.paint(RED, ALL);
    at.command('start');
    await at.is('recording');
    await at.recorded(6);
    const slice = Date.now();
    await until('the worst moment', () => Date.now() >= slice + AFTER_A_SLICE_MS);
    const [browser] = await captureBrowsers();
    const killed = Date.now();
    process.kill(browser!, 'SIGKILL');
    await at.is('recording', 2);
    at.command('stop');
    await at.is('idle');
    expect(killed - (await at.frames(folder, 0)).at(-1)!.at).toBeLessThan(2000);
  });

  it('shows a change of colour alone', async () => {
    await screen.paint(RED_LAMP, ALL);
    at.command('start');
    await at.is('recording');
    await at.recorded(5);
    await screen.paint(GREEN_LAMP, ALL);
    await at.recorded(2);
    at.command('stop');
    await at.is('idle');
    const frames = await at.frames(folder);
    expect(isNear(frames[0]!.colours[0]!, RED_LAMP)).toBe(true);
    expect(isNear(frames.at(-1)!.colours[0]!, GREEN_LAMP)).toBe(true);
  });
});
