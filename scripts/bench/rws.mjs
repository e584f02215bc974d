// What a session at RWS costs over time: memory, timers and sockets after many long-poll rounds, and how long after RWS's return a client
// is back. BENCH_ROUNDS (10000) and BENCH_RESTARTS (21) set the
// length; with SRS_BENCH_SHORT=1 it only shows that it runs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const folder = mkdtempSync(path.join(tmpdir(), 'srs-bench-rws-'));

try {
  const bundle = path.join(folder, 'bench.cjs');
  const entryPoints = [path.join(root, 'scripts/bench/parts/rws-session.ts')];
  await build({ entryPoints, outfile: bundle, bundle: true, platform: 'node', format: 'cjs', external: ['keytar'], logLevel: 'error' });
  const { status } = spawnSync(process.execPath, ['--expose-gc', bundle, path.join(folder, 'storage')], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
