import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isNear } from '../../support/recorded-frames';
import { GREEN, PaintedScreen } from '../../support/painted-screen';
import { captureBrowsers, RecorderOnScreen } from '../../support/recorder-on-screen';
import { until } from '../../support/until';

const ALL = { x: 0, y: 0, width: 1280, height: 720 };

/** The X server ends and comes again under the same name, as at the end of a desktop session on a machine whose service stays. */
describe('after the X server was started anew', () => {
  let folder: string;
  let at: RecorderOnScreen;
  let second: ChildProcess;

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', 'capture'], { cwd: resolve(__dirname, '../../..') });
  });

  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'srs-x-restart-'))));

  afterEach(async () => {
    await at.recorder.stop();
    expect(await captureBrowsers()).toEqual([]);
    const ended = new Promise((done) => second.once('exit', done));
    second.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true });
  });

  it('the next recording shows the new screen', async () => {
    const first = await PaintedScreen.start();
    const { display } = first;
    at = new RecorderOnScreen(display);
    await at.recorder.warm();
    await first.stop();
    second = spawn('Xvfb', [display, '-screen', '0', '1280x720x24', '-noreset', '-nolisten', 'tcp'], { stdio: 'ignore' });
    const screen = await until('the second X server', () => PaintedScreen.on(display).catch(() => undefined));
    await screen.paint(GREEN, ALL);
    at.command('start');
    await at.is('recording');
    await at.recorded(2);
    at.command('stop');
    await at.is('idle');
    const frames = await at.frames(folder);
    expect(isNear(frames.at(-1)!.colours[0]!, GREEN)).toBe(true);
    await screen.stop();
  });
});
