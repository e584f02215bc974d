// What recording costs, beside ffmpeg (x11grab, libx264 veryfast crf 28) on the same screen at the same time: CPU of the whole process
// tree, bytes and memory, for an office scene that moves and for one that stands still. Ratios: the machine's other load hits both.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { usageOf } from '../process-usage.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 60);
/** A browser works for some seconds after its start, whatever it is for. */
const SETTLE_SECONDS = 10;
const SIZE = [1920, 1080];
const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const folder = mkdtempSync(path.join(tmpdir(), 'srs-bench-'));
const recording = path.join(folder, 'srs.mkv');
const reference = path.join(folder, 'ffmpeg.mkv');
const chromiumPath = process.env.CHROME_PATH ?? '/usr/bin/chromium';

/** The real recorder on the real capture, writing its slices to a file until its stdin ends. */
const RECORD = `
import { createWriteStream } from 'node:fs';
import { recordingSchema } from './src/config/schema';
import { createBrowserCapture } from './src/headless/browser-capture';
import { SystemClock } from './src/lib/clock';
import { silentLogger } from './src/lib/logger';
import { createRecorder } from './src/recorder/recorder-runner';
const file = createWriteStream(process.argv[2]);
const segment = { append: async (slice) => void file.write(slice), finish: async () => true };
const writer = { beginSegment: async () => segment, note: async () => undefined, close: async () => undefined };
const recorder = createRecorder({
  capture: createBrowserCapture({ pagesDirectory: process.argv[3], log: silentLogger }),
  store: { begin: async () => writer, recover: async () => 0 },
  clock: new SystemClock(), log: silentLogger, problems: { raise: console.error, clear: () => undefined }, config: recordingSchema.parse({}),
});
recorder.onReport((report) => console.log(report.state));
recorder.warm().then(() => recorder.handle({ type: 'start', recording: { id: 'bench' } }, { userName: 'bench' }));
process.stdin.on('end', () => recorder.stop().then(() => process.exit(0))).resume();
`;

async function startXvfb() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', `${SIZE.join('x')}x24`, '-noreset', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise((resolve, reject) => {
    server.stdio[3].once('data', (data) => resolve(String(data).trim()));
    server.once('error', reject);
  });
  return { server, display: `:${number}` };
}

async function showScene(display, isStill) {
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--kiosk', '--window-position=0,0', `--window-size=${SIZE.join(',')}`];
  const context = await chromium.launchPersistentContext(path.join(folder, `scene-${isStill}`), {
    executablePath: chromiumPath,
    headless: false,
    viewport: null,
    env: { ...process.env, DISPLAY: display },
    args,
  });
  const scene = readFileSync(path.join(root, 'scripts/bench/office-scene.html'), 'utf8');
  const page = context.pages()[0];
  if (isStill) await page.addInitScript(() => (globalThis.setInterval = () => 0));
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body: scene }));
  await page.goto('http://scene.invalid/');
  return context;
}

async function measure(display) {
  const env = { ...process.env, DISPLAY: display };
  const ours = spawn(process.execPath, [path.join(root, 'dist/bench-recorder.cjs'), recording, path.join(root, 'dist')], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => ours.stdout.once('data', resolve));
  const input = ['-f', 'x11grab', '-framerate', '5', '-video_size', SIZE.join('x'), '-i', display];
  const theirs = spawn(
    'ffmpeg',
    ['-v', 'error', '-y', ...input, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '28', '-pix_fmt', 'yuv420p', reference],
    {
      stdio: ['pipe', 'inherit', 'inherit'],
    },
  );
  await sleep(SETTLE_SECONDS * 1000);
  const before = [usageOf(ours.pid), usageOf(theirs.pid)];
  await sleep(SECONDS * 1000);
  const after = [usageOf(ours.pid), usageOf(theirs.pid)];
  ours.stdin.end();
  theirs.stdin.end('q');
  await Promise.all([ours, theirs].map((process) => new Promise((resolve) => process.once('exit', resolve))));
  const sizes = [recording, reference].map((file) => statSync(file).size);
  return after.map(({ cpu, megabytes }, index) => ({
    cpuPercent: ((cpu - before[index].cpu) / SECONDS) * 100,
    megabytes,
    megabytesPerHour: (sizes[index] / (SECONDS + SETTLE_SECONDS) / 1e6) * 3600,
  }));
}

const { server, display } = await startXvfb();
try {
  await build({
    stdin: { contents: RECORD, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['playwright-core', 'keytar'],
    outfile: path.join(root, 'dist/bench-recorder.cjs'),
  });
  for (const [name, isStill] of [
    ['office scene', false],
    ['still screen', true],
  ]) {
    const scene = await showScene(display, isStill);
    const [ours, theirs] = await measure(display);
    await scene.close();
    const line = (who, { cpuPercent, megabytesPerHour, megabytes }) =>
      console.log(
        `  ${who.padEnd(8)} ${cpuPercent.toFixed(1)} % of a core, ${megabytesPerHour.toFixed(1)} MB/h, ${megabytes.toFixed(0)} MB of memory`,
      );
    console.log(`${name}, ${SIZE.join('x')}, 5 frames/s, ${SECONDS} s`);
    line('srs', ours);
    line('ffmpeg', theirs);
    console.log(
      `  ratio    CPU ${(ours.cpuPercent / theirs.cpuPercent).toFixed(2)}, bytes ${(ours.megabytesPerHour / theirs.megabytesPerHour).toFixed(2)}`,
    );
  }
} finally {
  server.kill();
  rmSync(path.join(root, 'dist/bench-recorder.cjs'), { force: true });
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
