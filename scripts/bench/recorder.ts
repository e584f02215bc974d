// What recording costs, beside ffmpeg (x11grab, libx264 veryfast crf 28) on the same screen at the same time: CPU of the whole process
// tree, bytes and memory, for an office scene that moves and for one that stands still. BENCH_SECONDS (60) sets the length.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startVirtualDisplay } from '../../src/headless/virtual-display';
import { isShort, length, note, runBenchmark } from './parts/figures';
import { showOfficeScene } from './parts/office-scene';
import { usageOf } from './parts/process-usage';
import { ROOT } from './parts/started-program';
import { inTemporaryFolder } from './parts/temporary-folder';

/** Set by `scripts/bench.mjs`: the folder of the bundled programs. */
declare const BENCH_PROGRAMS: string;

const SECONDS = length('BENCH_SECONDS', 60, 2);
/** A browser works for some seconds after its start, whatever it is for. */
const SETTLE_SECONDS = isShort ? 1 : 10;
const START_MS = 60_000;
const SIZE = [1920, 1080] as const;

interface Cost {
  /** Of one core. */
  readonly cpuPercent: number;
  readonly megabytesPerHour: number;
  readonly megabytes: number;
}

async function costs(programs: readonly { readonly child: ChildProcess; readonly file: string; end(): void }[]): Promise<readonly Cost[]> {
  await sleep(SETTLE_SECONDS * 1000);
  const before = programs.map(({ child }) => usageOf(child.pid ?? 0));
  await sleep(SECONDS * 1000);
  const after = programs.map(({ child }) => usageOf(child.pid ?? 0));
  const ended = programs.map(({ child }) => once(child, 'exit') as Promise<[number | null]>);
  for (const program of programs) program.end();
  for (const [code] of await Promise.all(ended)) if (code !== 0) throw new Error(`a recording ended with ${String(code)}`);
  return programs.map(({ file }, index) => ({
    cpuPercent: (((after[index]?.cpu ?? 0) - (before[index]?.cpu ?? 0)) / SECONDS) * 100,
    megabytesPerHour: (statSync(file).size / (SECONDS + SETTLE_SECONDS) / 1e6) * 3600,
    megabytes: after[index]?.megabytes ?? 0,
  }));
}

async function measure(display: string, folder: string): Promise<readonly Cost[]> {
  const [recording, reference] = [join(folder, 'srs.mkv'), join(folder, 'ffmpeg.mkv')];
  const ours = spawn(
    process.execPath,
    [join(BENCH_PROGRAMS, 'recording-program.cjs'), recording, join(ROOT, 'dist'), join(folder, 'profiles')],
    {
      env: { ...process.env, DISPLAY: display },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  await once(ours.stdout, 'data', { signal: AbortSignal.timeout(START_MS) });
  const grab = ['-f', 'x11grab', '-framerate', '5', '-video_size', SIZE.join('x'), '-i', display];
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '28', '-pix_fmt', 'yuv420p', reference];
  const theirs = spawn('ffmpeg', ['-v', 'error', '-y', ...grab, ...encode], { stdio: ['pipe', 'inherit', 'inherit'] });
  return costs([
    { child: ours, file: recording, end: () => void ours.stdin.end() },
    { child: theirs, file: reference, end: () => void theirs.stdin.end('q') },
  ]);
}

runBenchmark(() =>
  inTemporaryFolder(async (folder) => {
    const { display, stop } = await startVirtualDisplay({ size: SIZE.join('x') });
    try {
      for (const { name, isStill, goals } of [
        { name: 'office scene', isStill: false, goals: [0.35, 0.4] as const },
        { name: 'still screen', isStill: true, goals: [0.1, 0.2] as const },
      ]) {
        const scene = await showOfficeScene(display, { isStill, size: SIZE, profile: join(folder, name) });
        const [ours, ffmpeg] = await measure(display, folder);
        await scene.close();
        if (ours === undefined || ffmpeg === undefined) continue;
        const beside = (value: number) => ({ name: 'ffmpeg', value });
        note({
          name: `${name}: CPU`,
          unit: '% of a core',
          value: ours.cpuPercent,
          yardstick: beside(ffmpeg.cpuPercent),
          goal: { atMost: goals[0] },
        });
        note({
          name: `${name}: bytes`,
          unit: 'MB an hour',
          value: ours.megabytesPerHour,
          yardstick: beside(ffmpeg.megabytesPerHour),
          goal: { atMost: goals[1] },
        });
        note({ name: `${name}: memory`, unit: 'MB', value: ours.megabytes, yardstick: beside(ffmpeg.megabytes) });
      }
    } finally {
      await stop();
    }
  }),
);
