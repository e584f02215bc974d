import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../../..');

interface Figures {
  readonly [benchmark: string]: readonly {
    readonly name: string;
    readonly value: number;
    readonly yardstick?: { readonly value: number };
  }[];
}

/** Nobody runs a benchmark for weeks, and then it should run. Here all do so in their short form; their figures mean nothing. */
it('every benchmark runs, and gives figures', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'srs-bench-test-'));
  try {
    const file = join(folder, 'figures.json');
    const env = { ...process.env, SRS_BENCH_SHORT: '1' };
    await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/bench.mjs'), '--built', '--json', file], { cwd: ROOT, env });
    const { figures } = JSON.parse(await readFile(file, 'utf8')) as { readonly figures: Figures };
    expect(Object.keys(figures)).toEqual(expect.arrayContaining(['api', 'fleet', 'idle', 'recorder', 'session', 'start', 'upload']));
    for (const [benchmark, found] of Object.entries(figures)) {
      const values = found.flatMap(({ value, yardstick }) => [value, ...(yardstick === undefined ? [] : [yardstick.value])]);
      expect([benchmark, values.length > 0, values.every((value) => Number.isFinite(value))]).toEqual([benchmark, true, true]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);
