import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { isNear } from '../../support/recorded-frames';
import { probeMedia } from '../../support/media-file';
import { BLUE, GREEN, PaintedScreen } from '../../support/painted-screen';
import { RecorderOnScreen } from '../../support/recorder-on-screen';

const WIDTH = 7680;
const HEIGHT = 1440;

describe('a desk that is larger than H.264 takes', () => {
  let screen: PaintedScreen;
  let folder: string;
  let at: RecorderOnScreen;

  beforeAll(async () => {
    await promisify(execFile)(process.execPath, ['scripts/build.mjs', 'capture'], { cwd: resolve(__dirname, '../../..') });
    screen = await PaintedScreen.start(`${WIDTH}x${HEIGHT}`);
    folder = await mkdtemp(join(tmpdir(), 'srs-large-desk-'));
    at = new RecorderOnScreen(screen.display);
  });

  afterAll(async () => {
    await at.recorder.stop();
    await screen.stop();
    await rm(folder, { recursive: true });
  });

  it('is recorded whole, in a smaller picture, with the real sizes in the metadata', async () => {
    const half = { x: 0, y: 0, width: WIDTH / 2, height: HEIGHT };
    await screen.paint(GREEN, half);
    await screen.paint(BLUE, { ...half, x: WIDTH / 2 });
    await screen.split(WIDTH, HEIGHT);
    at.command('start');
    await at.is('recording');
    await at.recorded();
    at.command('stop');
    await at.is('idle');
    expect(at.store.last.segments[0]!.start.displays).toEqual([half, { ...half, x: WIDTH / 2 }]);
    const colours = (await at.frames(folder, 0, 2)).at(-1)!.colours;
    expect([isNear(colours[0]!, GREEN), isNear(colours[1]!, BLUE)]).toEqual([true, true]);
    const { width, height } = await probeMedia(join(folder, 'segment-0.mkv'));
    expect(width).toBeLessThan(WIDTH);
    expect(Math.abs(width / height - WIDTH / HEIGHT)).toBeLessThan(0.02);
  });
});
