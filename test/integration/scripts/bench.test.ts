import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../../..');

/** Nobody runs a benchmark for weeks, and then it should run. Here it does so in its short form; its figures mean nothing. */
it.each([
  ['upload', [/upload: (\S+) of curl -F/, /limited upload: (\S+) of its limit/]],
  ['rws', [/100 polls in (\S+) s/, /back after (\S+) ms/]],
])('the benchmark %s runs, and gives figures', async (name, figures) => {
  const env = { ...process.env, SRS_BENCH_SHORT: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, `scripts/bench/${name}.mjs`)], { cwd: ROOT, env });
  for (const figure of figures) {
    const value = Number(figure.exec(stdout)?.[1]);
    expect([figure.source, Number.isFinite(value)]).toEqual([figure.source, true]);
  }
});
