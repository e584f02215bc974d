// What covering windows costs: the same moving display with 20 windows, recorded at the same time with three rules and without any. CPU of
// the whole process trees over BENCH_SECONDS (60), and how long each takes from its start to the first report that it records, BENCH_STARTS (7) times by turns.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ManagedScreen } from '../../test/support/managed-screen';
import { isShort, length, median, note, runBenchmark } from './parts/figures';
import { usageOf } from './parts/process-usage';
import { ROOT } from './parts/started-program';
import { inTemporaryFolder } from './parts/temporary-folder';

/** Set by `scripts/bench.mjs`: the folder of the bundled programs. */
declare const BENCH_PROGRAMS: string;

const SECONDS = length('BENCH_SECONDS', 60, 1);
const STARTS = length('BENCH_STARTS', 7, 1);
const SETTLE_SECONDS = isShort ? 0 : 10;
const START_MS = 60_000;
const WINDOWS = 20;
const RULES = { masks: [{ title: 'secret*' }, { application: 'chat' }, { title: '*card*', note: 'cards' }] };

type Program = ChildProcessByStdio<Writable, Readable, null>;

/** A recording of `display`. @param settings of `recording` */
class Recording {
  readonly #child: Program;
  readonly #began = performance.now();

  constructor(folder: string, name: string, display: string, settings: object) {
    const words = [join(folder, `${name}.mkv`), join(ROOT, 'dist'), join(folder, `profiles-${name}`), JSON.stringify(settings)];
    this.#child = spawn(process.execPath, [join(BENCH_PROGRAMS, 'recording-program.cjs'), ...words], {
      env: { ...process.env, DISPLAY: display },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves with milliseconds since its start. */
  async runs(): Promise<number> {
    await once(this.#child.stdout, 'data', { signal: AbortSignal.timeout(START_MS) });
    return performance.now() - this.#began;
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.stdin.end();
    const [code] = (await ended) as [number | null];
    if (code !== 0) throw new Error(`a recording ended with ${String(code)}`);
  }
}

async function fill({ windows }: ManagedScreen): Promise<readonly number[]> {
  const ids: number[] = [];
  for (let index = 0; index < WINDOWS; index += 1) {
    const area = { x: (index % 5) * 250, y: Math.floor(index / 5) * 170, width: 220, height: 140 };
    const title = index < 3 ? `secret ${index}` : `window ${index}`;
    ids.push(await windows.show({ colour: (index * 0x2f41c7) & 0xffffff, area, title, application: 'bench' }));
  }
  return ids;
}

runBenchmark(() =>
  inTemporaryFolder(async (folder) => {
    const screen = await ManagedScreen.start();
    const ids = await fill(screen);
    let turn = 0;
    const moving = setInterval(() => {
      turn += 1;
      const area = { x: (turn * 37) % 1000, y: (turn * 53) % 560, width: 220, height: 140 };
      void screen.windows.place(ids[turn % ids.length] ?? 0, area).catch(() => undefined); // the screen has ended
    }, 500);
    try {
      const times: { readonly masked: number[]; readonly plain: number[] } = { masked: [], plain: [] };
      for (let start = 0; start < STARTS; start += 1) {
        for (const [name, settings] of [
          ['masked', RULES],
          ['plain', {}],
        ] as const) {
          const recording = new Recording(folder, name, screen.display, settings);
          times[name].push(await recording.runs());
          await recording.stop();
        }
      }
      const later = median(times.masked) - median(times.plain);
      note({ name: 'first frame with rules, later by', unit: 'ms', value: later, goal: { atMost: 50 } });

      const pair = [new Recording(folder, 'masked', screen.display, RULES), new Recording(folder, 'plain', screen.display, {})] as const;
      await Promise.all(pair.map((recording) => recording.runs()));
      await sleep(SETTLE_SECONDS * 1000);
      const before = pair.map(({ pid }) => usageOf(pid).cpu);
      await sleep(SECONDS * 1000);
      const [masked = 0, plain = 0] = pair.map(({ pid }, index) => ((usageOf(pid).cpu - (before[index] ?? 0)) / SECONDS) * 100);
      await Promise.all(pair.map((recording) => recording.stop()));
      note({
        name: `CPU with ${WINDOWS} windows and 3 rules`,
        unit: '% of a core',
        value: masked,
        yardstick: { name: 'without rules', value: plain },
        goal: { atMost: 1.15 },
      });
    } finally {
      clearInterval(moving);
      await screen.stop();
    }
  }),
);
