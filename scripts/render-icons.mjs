// Renders assets/tray/*.svg and assets/icon.svg to what each system needs: `node scripts/render-icons.mjs`. The results are committed.
import { readdir, readFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { toIcns, toIco } from './icon-files.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const assets = path.join(root, 'assets');
const buildResources = path.join(root, 'build');

/** Windows shows 16 px at 100 %, and the rest at 125 to 400 %. */
const TRAY_ICO_SIZES = [16, 20, 24, 32, 40, 48, 64];
const APP_ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
const LINUX_TRAY_SIZE = 24;
const MAC_TRAY_SIZE = 18;
/** Of the windows on Linux; elsewhere the program's own icon is theirs. */
const WINDOW_ICON_SIZE = 256;
const ICNS_SIZES = [128, 256, 512, 1024];
/** macOS paints a template image itself: black shape, the mark cut out of it. */
const TEMPLATE_STYLE = '#outline, #mark { display: none } #body { fill: #000; mask: url(#hole) }';

const browser = await chromium.launch({
  executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage();

/** @returns the picture as PNG and as raw RGBA */
async function render(svg, size, style = '') {
  await page.setViewportSize({ width: size, height: size });
  const sized = svg.replace('<svg ', `<svg width="${size}" height="${size}" style="display:block" `);
  await page.setContent(`<style>body { margin: 0 } ${style}</style>${sized}`);
  const png = await page.screenshot({ omitBackground: true });
  const pixels = await page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    canvas.drawImage(bitmap, 0, 0);
    return [...canvas.getImageData(0, 0, bitmap.width, bitmap.height).data];
  }, png.toString('base64'));
  return { size, png, rgba: Buffer.from(pixels) };
}

const renderAll = async (svg, sizes, style) => {
  const pictures = [];
  for (const size of sizes) pictures.push(await render(svg, size, style));
  return pictures;
};

for (const file of (await readdir(path.join(assets, 'tray'))).filter((name) => name.endsWith('.svg'))) {
  const svg = await readFile(path.join(assets, 'tray', file), 'utf8');
  const target = (suffix) => path.join(assets, 'tray', file.replace('.svg', suffix));
  for (const [scale, suffix] of [
    [1, ''],
    [2, '@2x'],
  ]) {
    await writeFile(target(`${suffix}.png`), (await render(svg, LINUX_TRAY_SIZE * scale)).png);
    await writeFile(target(`Template${suffix}.png`), (await render(svg, MAC_TRAY_SIZE * scale, TEMPLATE_STYLE)).png);
  }
  await writeFile(target('.ico'), toIco(await renderAll(svg, TRAY_ICO_SIZES)));
}

const icon = await readFile(path.join(assets, 'icon.svg'), 'utf8');
await mkdir(path.join(buildResources, 'icons'), { recursive: true });
await writeFile(path.join(buildResources, 'icon.ico'), toIco(await renderAll(icon, APP_ICO_SIZES)));
await writeFile(path.join(buildResources, 'icon.icns'), toIcns(await renderAll(icon, ICNS_SIZES)));
for (const { size, png } of await renderAll(icon, [32, 64, 128, 256, 512])) {
  await writeFile(path.join(buildResources, 'icons', `${size}x${size}.png`), png);
  if (size === WINDOW_ICON_SIZE) await writeFile(path.join(assets, 'icon.png'), png);
}
await browser.close();
