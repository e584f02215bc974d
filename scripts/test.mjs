// `npm test [-- jest arguments]`: sees to the system's parts, bundles, and runs every jest project.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium, findElectron, setUp } from './setup.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

function run(args, env = process.env) {
  const result = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

try {
  setUp('test');
} catch (error) {
  process.stderr.write(`setup: ${error.message}\n`);
  process.exit(1);
}

const electron = findElectron(path.join(root, '../shared/electron-host'));
if (electron === undefined) {
  process.stderr.write(
    'setup: missing: the Electron binary. It could not be downloaded; set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds it.\n',
  );
  process.exit(1);
}

run(['scripts/build.mjs']);
run(['node_modules/jest/bin/jest.js', ...process.argv.slice(2)], {
  ...process.env,
  CHROME_PATH: findChromium(),
  ELECTRON_OVERRIDE_DIST_PATH: electron,
});
