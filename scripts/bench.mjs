// `npm run bench [-- name ...] [-- --json FILE]`: the benchmarks of scripts/bench, one after the other. Each figure stands beside its yardstick,
// measured in the same run. SRS_BENCH_SHORT=1 only shows that they run.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { findElectron } from './electron/find-electron.mjs';
import { findChromium, say, setUp } from './setup.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, 'scripts/bench');
const all = readdirSync(source)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.basename(file, '.ts'));
const { values, positionals } = parseArgs({ options: { json: { type: 'string' }, built: { type: 'boolean' } }, allowPositionals: true });
const names = positionals.length > 0 ? positionals : all;
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`bench: no benchmark named ${unknown.join(', ')}; there are ${all.join(', ')}\n`);
  process.exit(2);
}

/** `--built`: a test has seen to the system's parts and to dist. */
if (!values.built) {
  setUp('test');
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Below node_modules: the programs find the packages that are not bundled. */
const cache = path.join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(path.join(cache, 'srs-bench-'));
const electron = names.includes('idle') && !values.built ? await findElectron(say) : process.env.ELECTRON_OVERRIDE_DIST_PATH;
const env = { ...process.env, CHROME_PATH: findChromium(), ...(electron === undefined ? {} : { ELECTRON_OVERRIDE_DIST_PATH: electron }) };
/** Where the test support finds the built service, and where the programs that a benchmark starts lie. */
const define = { __dirname: JSON.stringify(path.join(root, 'test/support')), BENCH_PROGRAMS: JSON.stringify(folder) };

async function bundle(file, name) {
  const outfile = path.join(folder, `${name}.cjs`);
  const external = ['keytar', 'koffi', 'playwright-core', 'electron'];
  await build({ entryPoints: [file], outfile, bundle: true, platform: 'node', format: 'cjs', external, define, logLevel: 'error' });
  return outfile;
}

function run(program, name) {
  const figures = path.join(folder, `${name}.json`);
  const { status } = spawnSync(process.execPath, ['--expose-gc', program], {
    cwd: root,
    stdio: 'inherit',
    env: { ...env, SRS_BENCH_FIGURES: figures },
  });
  return status === 0 ? JSON.parse(readFileSync(figures, 'utf8')) : undefined;
}

try {
  const found = {};
  for (const name of names) {
    console.log(name);
    for (const file of readdirSync(path.join(source, 'programs')))
      await bundle(path.join(source, 'programs', file), path.basename(file, '.ts'));
    found[name] = run(await bundle(path.join(source, `${name}.ts`), name), name);
    if (found[name] === undefined) process.exitCode = 1;
  }
  const [{ model = 'unknown' } = {}] = cpus();
  const machine = {
    system: `${process.platform} ${process.arch}`,
    processor: model,
    cores: cpus().length,
    memory: totalmem(),
    node: process.version,
  };
  const result = { date: new Date().toISOString().slice(0, 10), command: `npm run bench -- ${names.join(' ')}`, machine, figures: found };
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
