import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { browserArguments, findChromium } from './find-chromium';

export interface DemoScreen {
  stop(): Promise<void>;
}

/**
 * Something to see on an own, otherwise empty display, so that a demo recording shows that it moves.
 * @param directory where the browser's profile is, for this run
 */
export async function showDemoScreen(display: string, directory: string): Promise<DemoScreen> {
  const profile = await mkdtemp(join(directory, 'screen-'));
  const { chromium } = await import('playwright-core');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findChromium(),
    headless: false,
    // Playwright would end this process at Ctrl+C, whatever it is still doing.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    viewport: null,
    env: { ...process.env, DISPLAY: display },
    // Without the remark about the sandbox that root gets.
    args: [
      ...browserArguments(),
      '--test-type',
      '--window-position=20,60',
      '--window-size=680,480',
      `--app=data:text/html;base64,${base64(PAGE)}`,
    ],
  });
  return {
    async stop() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

const PAGE = `<!doctype html><meta charset="utf-8"><title>Demo screen</title>
<style>
  body { margin: 0; height: 100vh; display: grid; place-content: center; gap: 1rem; text-align: center;
         font: 28px system-ui, sans-serif; color: #e8eef4; background: #16324f; }
  #clock { font-size: 96px; font-variant-numeric: tabular-nums; }
</style>
<div>Screen Recording Service: demo screen</div><div id="clock"></div><div>This display was started for the demo; it is what is recorded.</div>
<script>
  const show = () => { document.getElementById('clock').textContent = new Date().toLocaleTimeString(); };
  show(); setInterval(show, 1000);
</script>`;
