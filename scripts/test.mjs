// `npm test [-- jest arguments]`: sees to the system's parts, bundles, and runs the jest projects of every change, or those that are asked for
// (`npm run test:packages`).
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findElectron } from './electron/find-electron.mjs';
import { findChromium, say, setUp } from './setup.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const words = process.argv.slice(2);
const env = { ...process.env };

function run(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env }).status ?? 1;
}

function fail(text, code = 1) {
  if (text !== undefined) say(text);
  process.exit(code);
}

try {
  setUp('test', ...(words.includes('packages') ? ['test:packages'] : []));
} catch (error) {
  fail(error.message);
}
env.CHROME_PATH = findChromium();
const electron = await findElectron(say);
if (electron !== undefined) env.ELECTRON_OVERRIDE_DIST_PATH = electron;

const built = run(['scripts/build.mjs']);
if (built !== 0) fail(undefined, built);
// Without Electron the rest is still worth knowing; the end is an error all the same.
const ofEveryChange = ['unit', 'integration', 'browser', ...(electron === undefined ? [] : ['electron'])];
const projects = words.includes('--selectProjects') ? [] : ['--selectProjects', ...ofEveryChange];
const tested = run(['node_modules/jest/bin/jest.js', ...words, ...projects]);
if (electron === undefined) {
  fail(
    'missing: an Electron binary. The tests of the project "electron" did not run. Set ELECTRON_OVERRIDE_DIST_PATH to a folder with one.',
  );
}
process.exit(tested);
