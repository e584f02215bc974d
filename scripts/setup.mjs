// Sees to what the system must have: `node scripts/setup.mjs start|test|test:packages`. Installs what is missing (Debian and Ubuntu as root;
// Chromium also through Playwright's download) and says so in a line; what cannot be had is named and ends with an error.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const isLinux = process.platform === 'linux';
const DEBIANS_CHROMIUM = '/usr/lib/chromium';

/** What each purpose needs: a name for people, how to see it, the Debian package that brings it. */
const NEEDS = [
  {
    name: 'Chromium',
    for: ['start', 'test'],
    isThere: () => findChromium() !== undefined,
    apt: hasRealChromiumPackage() ? 'chromium' : undefined,
    otherwise: downloadChromium,
  },
  {
    name: 'Chromium in other languages (chromium-l10n)',
    for: ['test'],
    isThere: () => findChromium() !== undefined && (!isDebiansChromium() || existsSync(path.join(DEBIANS_CHROMIUM, 'locales/de.pak'))),
    apt: hasRealChromiumPackage() ? 'chromium-l10n' : undefined,
    only: () => isLinux,
  },
  {
    name: 'Xvfb',
    for: ['start', 'test'],
    isThere: () => onPath('Xvfb'),
    apt: 'xvfb',
    only: (purpose) => isLinux && (purpose === 'test' || !process.env.DISPLAY),
  },
  {
    name: 'IceWM (the window manager of the demo that runs without a display)',
    for: ['start', 'test'],
    isThere: () => onPath('icewm'),
    apt: 'icewm',
    only: (purpose) => isLinux && (purpose === 'test' || !process.env.DISPLAY),
  },
  { name: 'libsecret (libsecret-1.so.0)', for: ['start', 'test'], isThere: hasLibsecret, apt: 'libsecret-1-0', only: () => isLinux },
  { name: 'ffmpeg and ffprobe', for: ['test'], isThere: () => onPath('ffmpeg') && onPath('ffprobe'), apt: 'ffmpeg' },
  { name: 'xrandr', for: ['test'], isThere: () => onPath('xrandr'), apt: 'x11-xserver-utils', only: () => isLinux },
  { name: 'xprop', for: ['test'], isThere: () => onPath('xprop'), apt: 'x11-utils', only: () => isLinux },
  { name: 'xdotool', for: ['test'], isThere: () => onPath('xdotool'), apt: 'xdotool', only: () => isLinux },
  { name: 'dbus-run-session', for: ['test'], isThere: () => onPath('dbus-run-session'), apt: 'dbus', only: () => isLinux },
  { name: 'gnome-keyring-daemon', for: ['test'], isThere: () => onPath('gnome-keyring-daemon'), apt: 'gnome-keyring', only: () => isLinux },
  { name: 'Openbox (window manager)', for: ['test'], isThere: () => onPath('openbox'), apt: 'openbox', only: () => isLinux },
  {
    name: 'the Xfce panel (a tray for XEmbed and StatusNotifierItem)',
    for: ['test'],
    isThere: () => onPath('xfce4-panel'),
    apt: 'xfce4-panel',
    only: () => isLinux,
  },
  { name: 'dunst (notices)', for: ['test'], isThere: () => onPath('dunst'), apt: 'dunst', only: () => isLinux },
  { name: 'gdbus', for: ['test'], isThere: () => onPath('gdbus'), apt: 'libglib2.0-bin', only: () => isLinux },
  { name: 'nginx', for: ['test'], isThere: () => onPath('nginx'), apt: 'nginx-light', only: () => isLinux },
  { name: 'tesseract', for: ['test'], isThere: () => onPath('tesseract'), apt: 'tesseract-ocr', only: () => isLinux },
  { name: 'openssl', for: ['test'], isThere: () => onPath('openssl'), apt: 'openssl' },
  { name: 'certutil', for: ['test'], isThere: () => onPath('certutil'), apt: 'libnss3-tools', only: () => isLinux },
  { name: 'tinyproxy', for: ['test'], isThere: () => onPath('tinyproxy'), apt: 'tinyproxy-bin', only: () => isLinux },
  { name: 'curl', for: ['test'], isThere: () => onPath('curl'), apt: 'curl' },
  {
    name: 'a monospaced font (DejaVu)',
    for: ['test'],
    isThere: () => existsSync('/usr/share/fonts/truetype/dejavu'),
    apt: 'fonts-dejavu-core',
    only: () => isLinux,
  },
  { name: 'mmdebstrap', for: ['test:packages'], isThere: () => onPath('mmdebstrap'), apt: 'mmdebstrap', only: () => isLinux },
  { name: 'rpmbuild', for: ['test:packages'], isThere: () => onPath('rpmbuild'), apt: 'rpm', only: () => isLinux },
  { name: 'lintian', for: ['test:packages'], isThere: () => onPath('lintian'), apt: 'lintian', only: () => isLinux },
  {
    name: 'desktop-file-validate',
    for: ['test:packages'],
    isThere: () => onPath('desktop-file-validate'),
    apt: 'desktop-file-utils',
    only: () => isLinux,
  },
  { name: 'readelf', for: ['test:packages'], isThere: () => onPath('readelf'), apt: 'binutils', only: () => isLinux },
  {
    name: 'newuidmap',
    for: ['test:packages'],
    isThere: () => onPath('newuidmap'),
    apt: 'uidmap',
    only: () => isLinux && process.getuid() !== 0,
  },
  { name: 'xmllint', for: ['test:packages'], isThere: () => onPath('xmllint'), apt: 'libxml2-utils', only: () => isLinux },
  { name: 'makensis', for: ['test:packages'], isThere: () => onPath('makensis'), apt: 'nsis', only: () => isLinux },
  { name: 'wine64', for: ['test:packages'], isThere: () => existsSync('/usr/lib/wine/wine64'), apt: 'wine64', only: () => isLinux },
];

/** Installs what the purposes need; throws an error that names what stays missing. */
export function setUp(...purposes) {
  const needed = NEEDS.filter((need) => purposes.some((purpose) => need.for.includes(purpose) && (need.only?.(purpose) ?? true)));
  const missing = needed.filter((need) => !need.isThere());
  if (missing.length === 0) return;
  installPackages(missing.filter((need) => need.apt !== undefined));
  for (const need of missing) if (!need.isThere()) need.otherwise?.();
  const still = missing.filter((need) => !need.isThere());
  if (still.length === 0) return;
  const packages = still.flatMap((need) => need.apt ?? []);
  const hint = packages.length > 0 && isLinux ? ` On Debian and Ubuntu: apt-get install ${packages.join(' ')}` : '';
  throw new Error(`missing on this system: ${still.map((need) => need.name).join(', ')}.${hint}`);
}

/** The browser the headless host and the tests use; `undefined` when there is none. */
export function findChromium() {
  const names = ['chromium', 'google-chrome-stable', 'google-chrome', 'microsoft-edge', 'chromium-browser'];
  const candidates = [process.env.CHROME_PATH, ...names.map((name) => findOnPath(name)), playwrightChromium()];
  return candidates.find((candidate) => candidate !== undefined && candidate !== '' && existsSync(candidate));
}

function installPackages(needs) {
  if (needs.length === 0 || !isLinux || process.getuid() !== 0 || !onPath('apt-get')) return;
  const packages = needs.map((need) => need.apt);
  say(`installing ${packages.join(', ')} with apt`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { stdio: ['ignore', 'ignore', 'inherit'], env });
}

function downloadChromium() {
  say('downloading Chromium with Playwright');
  spawnSync(
    process.execPath,
    [path.join(root, 'node_modules/playwright-core/cli.js'), 'install', '--with-deps', 'chromium'].filter(
      (word) => word !== '--with-deps' || (isLinux && process.getuid() === 0),
    ),
    { stdio: 'inherit' },
  );
}

/** Its languages are a package of their own; every other Chromium brings them. */
function isDebiansChromium() {
  return existsSync(path.join(DEBIANS_CHROMIUM, 'chromium')) && findChromium() === '/usr/bin/chromium';
}

function playwrightChromium() {
  try {
    return require('playwright-core').chromium.executablePath();
  } catch {
    return undefined; // not installed yet
  }
}

/** Ubuntu's package of that name is a snap, which does not run in containers. */
function hasRealChromiumPackage() {
  if (!isLinux || !existsSync('/etc/os-release')) return false;
  return !/^ID=ubuntu/m.test(readFileSync('/etc/os-release', 'utf8'));
}

function hasLibsecret() {
  if (process.platform !== 'linux') return true;
  const folders = ['/usr/lib', '/usr/lib64', '/lib', '/lib64'];
  const nested = folders.flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith('-linux-gnu'))
          .map((name) => path.join(folder, name))
      : [],
  );
  return [...folders, ...nested].some((folder) => existsSync(path.join(folder, 'libsecret-1.so.0')));
}

function onPath(name) {
  return findOnPath(name) !== undefined;
}

function findOnPath(name) {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  // Debian keeps daemons in sbin, which is not on everybody's path.
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/bin'];
  return folders.flatMap((folder) => names.map((file) => path.join(folder, file))).find((file) => existsSync(file));
}

export function say(text) {
  process.stderr.write(`setup: ${text}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    setUp(...(process.argv.length > 2 ? process.argv.slice(2) : ['test']));
  } catch (error) {
    process.stderr.write(`setup: ${error.message}\n`);
    process.exit(1);
  }
}
