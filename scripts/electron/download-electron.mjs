// The npm package's own download, which since Electron 42 is nobody's until somebody asks. Given up when it is refused or falls silent.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
/** A site that has sent nothing for so long sends nothing: firewalls drop what they do not allow. */
const SILENCE_MS = 8_000;
/** Unpacking what has been downloaded. */
const INSTALL_MS = 120_000;

/** Downloads and unpacks the binary of the package `electron`, or says why not. */
export async function downloadElectron(say) {
  const { version } = require('electron/package.json');
  say(`downloading Electron ${version}`);
  const failure = (await run([fileURLToPath(import.meta.url), '--fetch'], SILENCE_MS)) ?? (await run([installScript()], INSTALL_MS));
  if (failure !== undefined) say(`Electron ${version} cannot be downloaded here (${failure})`);
}

function installScript() {
  return path.join(path.dirname(require.resolve('electron/package.json')), 'install.js');
}

/** Resolves with why it failed, or `undefined`. Ended after `silenceMs` without a sign of life on its stdout. */
function run(args, silenceMs) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        errors = `no answer for ${silenceMs / 1000} s`;
        child.kill('SIGKILL');
      }, silenceMs);
    };
    wait();
    child.stdout.on('data', wait);
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve(code === 0 ? undefined : errors.trim().split('\n', 1)[0] || `exit code ${code}`);
    });
  });
}

/** Into the cache of `@electron/get`, where the package's own script then finds it and checks its sum. A dot for each sign of life. */
async function fetchToCache() {
  const electronRequire = createRequire(require.resolve('electron/package.json'));
  const { downloadArtifact } = await import(electronRequire.resolve('@electron/get'));
  const { version } = require('electron/package.json');
  await downloadArtifact({
    version,
    artifactName: 'electron',
    platform: process.platform,
    arch: process.arch,
    cacheRoot: process.env.electron_config_cache,
    checksums: require('electron/checksums.json'),
    downloadOptions: { quiet: true, getProgressCallback: async () => void process.stdout.write('.') },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv[2] === '--fetch') {
  try {
    await fetchToCache();
  } catch (error) {
    process.stderr.write(`${error.cause?.message ?? error.message}\n`);
    process.exit(1);
  }
}
