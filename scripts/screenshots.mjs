// Makes docs/images again, from the real application on a real desktop (Debian): `node scripts/screenshots.mjs`
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findElectron } from './electron/find-electron.mjs';
import { takePages } from './screenshot-pages.mjs';
import { say, setUp } from './setup.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const images = path.join(root, 'docs', 'images');
const bundles = path.join(root, 'dist', 'screenshots');
const SCREEN = { width: 1024, height: 768 };
const WALLPAPER = '#4f6b82';
const TRAY_STATES = {
  signedOut: 'signed out',
  ready: 'ready',
  recording: 'recording',
  paused: 'paused',
  queued: 'queued',
  problem: 'problem',
};
/** Of the panel, around the icon; as high as the panel. */
const TRAY_CUT = { width: 64, height: 32 };
const MARGIN = 24;
/** The window's clock counts in seconds, but only in its text: two equal pictures in a row are between two of them. */
const STILL_MS = 300;

/** The desktop, the application on a host that is told what to show, and what it shows are those of the tests. */
async function loadTestSupport() {
  const outfile = path.join(bundles, 'support.mjs');
  const ownFolders = {
    name: '__dirname of each file',
    setup: ({ onLoad }) =>
      onLoad({ filter: /test\/support\/.*\.ts$/ }, async ({ path: file }) => ({
        contents: (await readFile(file, 'utf8')).replaceAll('__dirname', JSON.stringify(path.dirname(file))),
        loader: 'ts',
      })),
  };
  await build({
    stdin: {
      contents: `
        export { WINDOW_STATES } from './test/fixtures/window-states';
        export { sampleSnapshot, SAMPLE_TIME } from './test/fixtures/snapshots';
        export { THIS_ACCOUNT } from './test/support/accounts';
        export { LinuxDesktop } from './test/support/desktop/linux-desktop';
        export { changedArea } from './test/support/desktop/screen-picture';
        export { buildScriptedApp, launchDesktop } from './test/support/desktop-app';
        export { until } from './test/support/until';
        export { startSrs } from './test/support/srs-process';
        export { browserArguments, findChromium } from './src/headless/find-chromium';`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    plugins: [ownFolders],
    outfile,
  });
  return import(pathToFileURL(outfile).href);
}

/** A state as it would be now: its times are those of the samples, moved. */
function stateNow({ WINDOW_STATES, sampleSnapshot, SAMPLE_TIME }, state) {
  const moved = Date.now() - Date.parse(SAMPLE_TIME);
  // One problem, and none that another system has.
  const problems = state === 'problem' ? WINDOW_STATES[state].problems.slice(0, 1) : [];
  const text = JSON.stringify(sampleSnapshot({ ...WINDOW_STATES[state], isDemo: false, problems }));
  return JSON.parse(text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => new Date(Date.parse(time) + moved).toISOString()));
}

function writePng(name, { width, height, rgb }) {
  const from = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-i', '-'];
  const to = ['-pred', 'mixed', '-compression_level', '100', path.join(images, name)];
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...from, ...to], { input: rgb });
  if (status !== 0) throw new Error(`ffmpeg could not write ${name}: ${stderr}`);
  say(`docs/images/${name}: ${width} × ${height}`);
}

/** Pictures of one height, from left to right. */
function sideBySide(pictures) {
  const height = pictures[0].height;
  const rows = Array.from({ length: height }, (_, row) =>
    Buffer.concat(pictures.map(({ width, rgb }) => rgb.subarray(row * width * 3, (row + 1) * width * 3))),
  );
  return { width: pictures.reduce((sum, { width }) => sum + width, 0), height, rgb: Buffer.concat(rows) };
}

class Photographer {
  constructor(support, screen, app) {
    this.support = support;
    this.screen = screen;
    this.app = app;
  }

  icon() {
    return this.support.until('the icon in the tray', () => this.screen.icon());
  }

  async show(state) {
    const snapshot = stateNow(this.support, state);
    await this.app.evaluate((_electron, next) => globalThis.testHost.set(next), snapshot);
    await this.support.until(`the icon of ${state}`, async () => TRAY_STATES[(await this.screen.icon())?.state] === state);
  }

  /** The screen without notices and without a pointer on the icon, which the panel would paint otherwise. */
  async clear() {
    const notices = ['org.freedesktop.Notifications', '/org/freedesktop/Notifications', 'org.dunstproject.cmd0.NotificationCloseAll'];
    await this.screen.bus.call(...notices);
    await this.clickWallpaper();
    return this.support.until('an empty screen', async () => {
      const picture = await this.screen.picture();
      const { rgb } = withoutPanel(picture);
      return rgb.equals(Buffer.alloc(rgb.length, rgb.subarray(0, 3))) ? picture : undefined;
    });
  }

  clickWallpaper() {
    return this.screen.click({ x: MARGIN, y: MARGIN, width: 0, height: 0 });
  }

  async stillPicture() {
    let last = await this.screen.picture();
    await this.support.until('a screen that stands still', async () => {
      const before = last;
      await sleep(STILL_MS);
      last = await this.screen.picture();
      return this.support.changedArea(withoutPanel(before), withoutPanel(last)) === undefined;
    });
    return last;
  }

  /** What an action brings to the screen above the panel, once it no longer changes. */
  async areaOf(action) {
    const without = await this.clear();
    await action();
    const picture = await this.stillPicture();
    return { picture, area: this.support.changedArea(withoutPanel(without), withoutPanel(picture)) };
  }

  async trayIcons() {
    const cuts = [];
    for (const state of Object.values(TRAY_STATES)) {
      await this.show(state);
      const icon = await this.icon();
      const picture = await this.screen.picture();
      const x = Math.min(icon.x + icon.width / 2 - TRAY_CUT.width / 2, picture.width - TRAY_CUT.width);
      cuts.push(picture.cut({ x, y: picture.height - TRAY_CUT.height, ...TRAY_CUT }));
    }
    writePng('tray-icons.png', sideBySide(cuts));
  }

  async menu() {
    await this.clear();
    await this.show('recording');
    const open = async () => this.screen.click(await this.icon(), 3);
    const { picture, area } = await this.areaOf(() => this.screen.lineAfter(/^Show status$/, open));
    const x = Math.max(0, area.x - MARGIN);
    const y = Math.max(0, area.y - MARGIN);
    const width = Math.min(picture.width, area.x + area.width + MARGIN) - x;
    writePng('tray-menu.png', picture.cut({ x, y, width, height: picture.height - y }));
  }

  async notice() {
    await this.show('ready');
    const { picture, area } = await this.areaOf(() =>
      this.screen.lineAfter(/^Your screen is being recorded$/, () => this.show('recording')),
    );
    writePng('notice.png', picture.cut(area));
  }

  /** @param theme light or dark */
  async window(state, theme) {
    await this.clear();
    await this.app.evaluate(({ nativeTheme }, source) => (nativeTheme.themeSource = source), theme);
    await this.show(state);
    const open = async () => this.screen.click(await this.icon());
    const { picture, area } = await this.areaOf(async () => {
      await this.screen.lineAfter(/Ada Example/, open);
      await this.clickWallpaper(); // the panel's own tooltip goes
      // Playwright pretends a light theme otherwise.
      for (const page of this.app.windows()) await page.emulateMedia({ colorScheme: null });
    });
    writePng(`window-${state}-${theme}.png`, picture.cut(area));
    await this.screen.closeWindow('– Status$');
  }
}

function withoutPanel(picture) {
  return picture.cut({ x: 0, y: 0, width: picture.width, height: picture.height - TRAY_CUT.height });
}

async function takePictures(support) {
  const { LinuxDesktop, THIS_ACCOUNT, buildScriptedApp, launchDesktop } = support;
  const folder = await buildScriptedApp();
  const screen = await LinuxDesktop.start({ account: THIS_ACCOUNT, size: `${SCREEN.width}x${SCREEN.height}` });
  let launched;
  try {
    spawnSync('xsetroot', ['-solid', WALLPAPER], { env: screen.environment });
    const { DISPLAY, DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR } = screen.environment;
    const env = { DISPLAY, DBUS_SESSION_BUS_ADDRESS, XDG_RUNTIME_DIR, TZ: 'UTC' };
    launched = await launchDesktop({ folder, env, config: { notifyRecording: true } });
    const photographer = new Photographer(support, screen, launched.app);
    await photographer.notice();
    await photographer.trayIcons();
    await photographer.window('recording', 'light');
    await photographer.window('recording', 'dark');
    await photographer.menu();
    await photographer.window('paused', 'light');
    await photographer.window('problem', 'light');
    const pictures = [];
    await takePages(support, { DISPLAY, DBUS_SESSION_BUS_ADDRESS }, (name, png) => pictures.push([name, png]));
    for (const [name, png] of pictures) await writeFile(path.join(images, name), png);
  } finally {
    await launched?.close();
    await screen.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

setUp('test');
const electron = await findElectron(say);
if (electron === undefined) throw new Error('no Electron binary can be had here');
process.env.ELECTRON_OVERRIDE_DIST_PATH = electron;
await rm(images, { recursive: true, force: true });
await mkdir(images, { recursive: true });
await takePictures(await loadTestSupport());
