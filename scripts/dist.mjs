// `npm run dist [-- electron-builder's arguments]`: bundles, and builds the packages for the system it runs on; beside them an SBOM and the SHA-256 sums.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSbom, writeSums } from './packages/supply-chain.mjs';

const require = createRequire(import.meta.url);
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const isLinux = process.platform === 'linux';
const words = process.argv.slice(2);

const env = { ...process.env };
if (isLinux) {
  if (!words.some((word) => /^(--config|-c)(=|$)/.test(word))) words.unshift('--config', 'electron-builder.linux.yml');
  env.CUSTOM_FPM_PATH ??= path.join(root, 'scripts', 'packages', 'fpm.mjs');
}
for (const args of [['scripts/build.mjs'], [require.resolve('electron-builder/cli.js'), ...words]]) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit', env });
  if (status !== 0) process.exit(status ?? 1);
}

const release = path.join(root, 'release');
await writeSbom(root, release);
await writeSums(release);
