import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type BrowserContext } from 'playwright-core';
import { browserArguments, findChromium } from '../../../src/headless/find-chromium';
import { startVirtualDisplay, type VirtualDisplay } from '../../../src/headless/virtual-display';
import { RecorderOnScreen } from '../../support/recorder-on-screen';
import { until } from '../../support/until';

const run = promisify(execFile);
const VOCABULARY =
  'account address agent amount balance because before billing branch called cancel change charge client closed contact customer date delivery email found great group house invoice letter manager market message month number office order owner payment people phone please product question refund renewal report request return second service several shipping signed street system thank ticket today transfer update value wanted weekly without would written year'.split(
    ' ',
  );
/** A page of running text in an order that says nothing, so that the reader cannot guess. */
const WORDS = Array.from({ length: 480 }, (_, index) => VOCABULARY[(index * index * 7 + index * 31) % VOCABULARY.length]!);

describe('a recording at the default settings', () => {
  let display: VirtualDisplay;
  let folder: string;
  let page: BrowserContext;
  let at: RecorderOnScreen;

  beforeAll(async () => {
    await run(process.execPath, ['scripts/build.mjs', 'capture'], { cwd: resolve(__dirname, '../../..') });
    folder = await mkdtemp(join(tmpdir(), 'srs-readable-test-'));
    display = await startVirtualDisplay({ size: '1920x1080' });
    page = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: await findChromium(),
      headless: false,
      viewport: null,
      env: { ...process.env, DISPLAY: display.display },
      args: [...browserArguments(), '--kiosk', '--window-position=0,0', '--window-size=1920,1080'],
    });
    const style = 'margin:40px;width:900px;font:12px/20px sans-serif;color:#202020;background:#fff';
    await page.pages()[0]!.setContent(`<!doctype html><body style="${style}">${WORDS.join(' ')}</body>`);
    at = new RecorderOnScreen(display.display);
  });

  afterAll(async () => {
    await at.recorder.stop();
    await page.close();
    await display.stop();
    await rm(folder, { recursive: true, maxRetries: 10 });
  });

  it('shows 12 px text so that at least 98 % of its words can be read', async () => {
    at.command('start');
    await at.is('recording');
    const enough = Date.now() + 4000;
    await until('a few frames', () => Date.now() > enough);
    at.command('stop');
    await at.is('idle');
    const frames = await at.frames(folder);
    const picture = join(folder, 'frame.png');
    const last = `select=eq(n\\,${frames.length - 1}),crop=980:560:0:0,scale=iw*4:-1:flags=lanczos,format=gray`;
    await run('ffmpeg', ['-v', 'error', '-i', join(folder, 'segment-0.mkv'), '-vf', last, '-frames:v', '1', picture]);
    const { stdout } = await run('tesseract', [picture, '-', '--psm', '6']);
    const read = stdout.split(/\s+/).map((word) => word.replace(/[^a-z]/gi, '').toLowerCase());
    expect(commonWords(WORDS, read) / WORDS.length).toBeGreaterThanOrEqual(0.98);
  });
});

/** Length of the longest common subsequence: words that are there, in their order. */
function commonWords(expected: readonly string[], found: readonly string[]): number {
  let row = new Array<number>(found.length + 1).fill(0);
  for (const word of expected) {
    const next = [0];
    found.forEach((other, index) => next.push(other === word ? row[index]! + 1 : Math.max(row[index + 1]!, next[index]!)));
    row = next;
  }
  return row[found.length]!;
}
