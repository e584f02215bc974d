// `npm start`: bundles, sees to the system's parts, and runs the demo (the service together with the built-in simulator).
// With a configuration it runs the service itself: `npm start -- --config FILE`.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findElectron } from './electron/find-electron.mjs';
import { say, setUp } from './setup.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);

try {
  setUp('start');
} catch (error) {
  process.stderr.write(`setup: ${error.message}\n`);
  process.exit(1);
}
const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const electron = args.includes('--headless') ? undefined : await findElectron(say);
const env = electron === undefined ? process.env : { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: electron };
if (electron === undefined && !args.includes('--headless')) {
  process.stdout.write('The Electron binary cannot be had here: going on headless (no tray, no window).\n');
  args.push('--headless');
}
const isConfigured = args.some((word) => word === '--config' || word.startsWith('--config='));
const child = spawn(process.execPath, [path.join(root, 'dist/cli.js'), isConfigured ? 'run' : 'demo', ...args], { stdio: 'inherit', env });
// The terminal's Ctrl+C reaches the child too; a signal sent to us alone is passed on.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
child.once('exit', (code) => process.exit(code ?? 1));
