// `npm run chaos`: bundles and runs scripts/chaos/chaos.ts; `npm run soak`: scripts/chaos/soak.ts.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { findChromium, setUp } from './setup.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, 'scripts/chaos');
const [name = '', ...rest] = process.argv.slice(2);
/** `--built`: a test has seen to the system's parts and to dist. */
const args = rest.filter((arg) => arg !== '--built');

if (args.length === rest.length) {
  setUp('test');
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Below node_modules: the programs find the packages that are not bundled. */
const cache = path.join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(path.join(cache, 'srs-chaos-'));
/** Where the test support finds the built service, and where the programs that a round starts lie. */
const define = { __dirname: JSON.stringify(path.join(root, 'test/support')), CHAOS_PROGRAMS: JSON.stringify(folder) };

async function bundle(file) {
  const outfile = path.join(folder, `${path.basename(file, '.ts')}.cjs`);
  const external = ['keytar', 'koffi', 'playwright-core', 'electron'];
  await build({ entryPoints: [file], outfile, bundle: true, platform: 'node', format: 'cjs', external, define, logLevel: 'error' });
  return outfile;
}

try {
  for (const file of readdirSync(path.join(source, 'programs'))) await bundle(path.join(source, 'programs', file));
  const program = await bundle(path.join(source, `${name}.ts`));
  const env = { ...process.env, CHROME_PATH: findChromium() };
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit', env });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
