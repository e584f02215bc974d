// Whether a recording is felt by whoever asks the service: the built headless service records a moving screen under Xvfb for BENCH_SECONDS
// (600) while `/ping` is asked ten times a second. Before that, how long a warm service takes from the start command at RWS to the first
// frame, and to RWS hearing that it records (BENCH_STARTS, 10 of them).
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const folder = mkdtempSync(path.join(tmpdir(), 'srs-bench-ping-'));

const BENCH = `
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromRwsTime } from './src/shared/rws-time';
import { ServiceOnScreen } from './test/support/service-on-screen';
import { sendRequest } from './test/support/http-request';

const seconds = Number(process.env.BENCH_SECONDS ?? 600);
const starts = Number(process.env.BENCH_STARTS ?? 10);
const EVERY_MS = 100;
const BLOCK = { width: 160, height: 90 };

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
const line = (what, times) => {
  const sorted = times.toSorted((a, b) => a - b);
  const shown = [['p50', 0.5], ['p99', 0.99], ['max', 1]].map(([name, share]) => name + ' ' + at(sorted, share).toFixed(1) + ' ms');
  console.log('  ' + what.padEnd(34) + shown.join(', ') + '  (' + sorted.length + ')');
};

/** Something moves all the time, as it does while somebody works. */
function moveOn(screen) {
  let turn = 0;
  return setInterval(() => {
    turn += 1;
    void screen.paint((turn * 0x2f41c7) & 0xffffff, { x: (turn * 37) % 1100, y: (turn * 53) % 620, ...BLOCK });
  }, 100);
}

async function startLatencies(service) {
  const heard = [];
  const seen = [];
  for (let start = 0; start < starts; start += 1) {
    const id = 'start-' + start;
    const began = Date.now();
    const reported = new Promise((resolve) => {
      const stop = service.simulator.control.onChange(() => {
        if (!service.reports(id).some(({ state }) => state === 'Recording')) return;
        stop();
        resolve(Date.now());
      });
    });
    service.simulator.control.startRecording('ann', { recordingId: id });
    heard.push((await reported) - began);
    await sleep(1500);
    service.stopRecording(id);
    let video;
    while (video === undefined) {
      await sleep(50);
      video = service.simulator.control.recordings().find(({ recordingId }) => recordingId === id);
    }
    seen.push(fromRwsTime(video.metadata.mediaFiles[0].startTime) - began);
  }
  line('start command to first frame', seen);
  line('start command to RWS hears of it', heard);
}

async function ping(service, forSeconds) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  const end = performance.now() + forSeconds * 1000;
  for (let due = performance.now(); due < end; due += EVERY_MS) {
    await sleep(Math.max(0, due - performance.now()));
    const asked = performance.now();
    const { status } = await sendRequest(service.address, { path: '/ping', headers: service.headers, agent });
    if (status !== 200) throw new Error('/ping was answered with ' + status);
    times.push(performance.now() - asked);
  }
  agent.destroy();
  return times;
}

async function main() {
  const service = await ServiceOnScreen.create();
  const moving = moveOn(service.screen);
  try {
    await service.start();
    await sleep(3000);
    console.log('1280x720, 5 frames/s');
    await startLatencies(service);
    line('/ping, nothing recorded', await ping(service, Math.min(20, seconds)));
    await service.record('long');
    line('/ping, recording for ' + seconds + ' s', await ping(service, seconds));
    service.stopRecording('long');
  } finally {
    clearInterval(moving);
    await service.dispose();
  }
}

main().then(() => process.exit(0), (error) => { console.error(error); process.exit(1); });
`;

try {
  const bundle = path.join(folder, 'bench.cjs');
  await build({
    stdin: { contents: BENCH, resolveDir: root, loader: 'ts' },
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['keytar', 'playwright-core'],
    define: { __dirname: JSON.stringify(path.join(root, 'test/support')) }, // from where it finds the built service
    logLevel: 'error',
  });
  const { status } = spawnSync(process.execPath, [bundle], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
