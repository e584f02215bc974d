import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { browserArguments, findChromium } from '../../../src/headless/find-chromium';
import { ROOT } from './started-program';

const SCENE = join(ROOT, 'scripts/bench/office-scene.html');

/** What an agent's screen looks like, over the whole of a display, moving or still. */
export async function showOfficeScene(
  display: string,
  {
    isStill,
    size: [width, height],
    profile,
  }: { readonly isStill: boolean; readonly size: readonly [number, number]; readonly profile: string },
): Promise<{ close(): Promise<void> }> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findChromium(),
    headless: false,
    viewport: null,
    env: { ...process.env, DISPLAY: display },
    args: [...browserArguments(), '--kiosk', '--window-position=0,0', `--window-size=${width},${height}`],
  });
  const page = context.pages()[0] ?? (await context.newPage());
  if (isStill) await page.addInitScript('globalThis.setInterval = () => 0');
  const body = readFileSync(SCENE, 'utf8');
  await page.route('**/*', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto('http://scene.invalid/');
  return context;
}
