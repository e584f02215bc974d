// Draws docs/images: the status window in its states and themes, and the tray's icons. `node scripts/screenshots.mjs`
import { build } from 'esbuild';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const images = path.join(root, 'docs', 'images');
const bundles = path.join(root, 'dist', 'screenshots');
const SIZE = { width: 520, height: 680 };
const TRAY_STATES = ['signedOut', 'ready', 'recording', 'paused', 'queued', 'problem'];

/** What the window shows comes from the same samples as the tests. */
async function loadSamples() {
  const outfile = path.join(bundles, 'samples.mjs');
  await build({
    stdin: {
      contents: `
        export { WINDOW_STATES } from './test/fixtures/window-states';
        export { sampleSnapshot, SAMPLE_TIME } from './test/fixtures/snapshots';
        export { chooseTranslator } from './src/desktop/languages';`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile,
  });
  return import(pathToFileURL(outfile).href);
}

/** The page as built, on a bridge that only begins. */
async function openWindow(browser, { snapshot, now, translator, colorScheme, forcedColors = 'none' }) {
  const context = await browser.newContext({ viewport: SIZE, deviceScaleFactor: 2, colorScheme, forcedColors, timezoneId: 'UTC' });
  const page = await context.newPage();
  const renderer = path.join(root, 'dist', 'renderer');
  await page.route('**/*', async (route) => {
    const file = path.basename(new URL(route.request().url()).pathname);
    const contentType = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }[path.extname(file)];
    await route.fulfill({ body: await readFile(path.join(renderer, file)), contentType });
  });
  await page.addInitScript(
    (begin) =>
      (window.srs = {
        begin: async () => begin,
        onSnapshot: () => undefined,
        run: async () => undefined,
        retryUpload: async () => undefined,
      }),
    { snapshot, locale: translator.locale, messages: translator.messages },
  );
  await page.clock.setFixedTime(now);
  await page.goto('http://window.invalid/index.html');
  await page.locator('h1').waitFor();
  return page;
}

async function drawIcons(browser) {
  const page = await browser.newPage({ viewport: { width: 6 * 96, height: 2 * 64 }, deviceScaleFactor: 2 });
  const icons = await Promise.all(
    TRAY_STATES.map(async (state) => (await readFile(path.join(root, 'assets', 'tray', `${state}@2x.png`))).toString('base64')),
  );
  const row = (background) =>
    `<div style="display:flex;background:${background}">${icons
      .map(
        (icon) =>
          `<div style="width:96px;height:64px;display:grid;place-items:center"><img width="24" height="24" src="data:image/png;base64,${icon}"></div>`,
      )
      .join('')}</div>`;
  await page.setContent(`<style>body{margin:0}</style>${row('#f3f3f3')}${row('#202020')}`);
  await page.screenshot({ path: path.join(images, 'tray-icons.png') });
  for (const [index, state] of TRAY_STATES.entries()) {
    await page.screenshot({ path: path.join(images, `tray-${state}.png`), clip: { x: index * 96, y: 0, width: 96, height: 128 } });
  }
}

await mkdir(images, { recursive: true });
const { WINDOW_STATES, sampleSnapshot, SAMPLE_TIME, chooseTranslator } = await loadSamples();
const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const shots = [
  ...Object.keys(WINDOW_STATES).flatMap((state) => ['light', 'dark'].map((colorScheme) => ({ state, colorScheme, name: colorScheme }))),
  { state: 'recording', colorScheme: 'dark', forcedColors: 'active', name: 'contrast' },
  { state: 'recording', colorScheme: 'light', language: 'ja', name: 'japanese' },
];
for (const { state, name, language = 'en', ...media } of shots) {
  const snapshot = sampleSnapshot(WINDOW_STATES[state]);
  const page = await openWindow(browser, { snapshot, now: SAMPLE_TIME, translator: chooseTranslator([language]), ...media });
  await page.screenshot({ path: path.join(images, `window-${state.replace(' ', '-')}-${name}.png`), fullPage: true });
  await page.context().close();
}
await drawIcons(browser);
await browser.close();
