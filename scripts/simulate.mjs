// `npm run simulate [-- --seeds N] [--seed FIRST] [--failures N]`: the whole service in a simulated world, test/simulation.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const folder = path.join(root, 'test/simulation');
const stands = {
  'node:fs/promises': 'simulated-files.ts',
  'node:timers/promises': 'simulated-timers.ts',
  'node:crypto': 'simulated-crypto.ts',
};
const out = mkdtempSync(path.join(root, 'node_modules/.simulate-'));
const bundle = path.join(out, 'simulate.cjs');

try {
  await build({
    entryPoints: [path.join(folder, 'simulate.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
    plugins: [
      {
        name: 'simulated-node',
        setup: (plugin) =>
          plugin.onResolve({ filter: /^node:(crypto|(fs|timers)\/promises)$/ }, ({ path: name, importer }) =>
            importer === path.join(folder, stands[name]) ? undefined : { path: path.join(folder, stands[name]) },
          ),
      },
    ],
  });
  const run = spawnSync(process.execPath, ['--enable-source-maps', bundle, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
