import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import type { Snapshot } from '../../src/shared/snapshot';
import { connected, sampleProblem } from '../fixtures/snapshots';
import { WINDOW_STATES } from '../fixtures/window-states';
import { buildScriptedApp, launchDesktop, type LaunchedDesktop } from '../support/desktop-app';
import { until } from '../support/until';
import { COUNT_TIMERS, OVERFLOW, pretendVisibility, setTextSize, UNTRANSLATED_TEXTS, watchForChange } from '../support/window-scripts';

const AXE = createRequire(__filename).resolve('axe-core/axe.min.js');

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

describe('the status window', () => {
  let folder: string;
  let desktop: LaunchedDesktop;
  let page: Page;

  beforeAll(async () => {
    folder = await buildScriptedApp();
    const axe = await readFile(AXE, 'utf8');
    desktop = await launchDesktop({ folder });
    page = await desktop.openStatus();
    // The page's policy forbids scripts from elsewhere; a test reaches in past it.
    await page.evaluate(axe);
  });
  afterAll(async () => {
    await desktop?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const show = (parts: Partial<Snapshot>, target = desktop): Promise<void> =>
    target.app.evaluate((_electron, next) => globalThis.testHost.set(next), parts);
  const region = (id: string): Promise<string> => page.locator(`#${id}`).innerText();
  const full = WINDOW_STATES['recording'] ?? {};

  it('says first whether it records, who is signed in and whether something is wrong', async () => {
    await show(full);
    await page.locator('header[data-state=recording]').waitFor();
    const header = page.locator('header');
    expect(await header.innerText()).toMatch(/Recording your screen\s+Ada Example \(agent1\)\s+1 problem$/);
    const problems = page.locator('#problems');
    for (const part of [header, problems.locator('h3').first()]) {
      const { y = 0, height = Infinity } = (await part.boundingBox()) ?? {};
      expect(y + height).toBeLessThanOrEqual(300);
    }
  });

  it('shows every region of a full snapshot, and what is rarely asked for when the details are opened', async () => {
    await show(full);
    await page.locator('header[data-state=recording]').waitFor();
    expect(await region('overview')).toMatch(/Recording, [\s\S]*Connected to rws\.example\.com[\s\S]*2 recordings to upload/);
    expect(await page.locator('#recorder').isVisible()).toBe(false);
    await page.getByText('Details', { exact: true }).press('Enter');
    expect(await region('agent')).toMatch(/Ada Example[\s\S]*agent1[\s\S]*Place 7[\s\S]*7001 at SwitchA/);
    expect(await region('session')).toMatch(/https:\/\/rws\.example\.com[\s\S]*Primary[\s\S]*Last contact[\s\S]*ago/);
    expect(await region('recorder')).toMatch(/Elapsed[\s\S]*5 per second[\s\S]*12 MB[\s\S]*1920 × 1080/);
    expect(await region('uploads')).toMatch(/Uploading, 40%[\s\S]*Trying again at/);
    expect(await region('history')).toMatch(/Failed: The display was disconnected\.[\s\S]*Uploaded[\s\S]*Recorded/);
    expect(await region('problems')).toMatch(/Not enough free disk space to record/);
    expect(await region('program')).toMatch(/http:\/\/127\.0\.0\.1:8080[\s\S]*1\.2\.3/);
    expect(await page.locator('progress').first().getAttribute('value')).toBe('20000000');
  });

  it('shows a change within 100 ms of it', async () => {
    const delays: number[] = [];
    // The quickest of a few: a busy machine says nothing about the program.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await show({ problems: [] });
      await page.locator('[data-problem]').waitFor({ state: 'detached' });
      await page.evaluate(watchForChange('#problems'));
      const changedAt = await desktop.app.evaluate((_electron, problem) => {
        globalThis.testHost.set({ problems: [problem] });
        return Date.now();
      }, sampleProblem('diskFloor'));
      delays.push((await page.evaluate<number>('nextChange')) - changedAt);
    }
    expect(Math.min(...delays)).toBeLessThan(100);
  });

  it('keeps the focus on a button while snapshots come, and runs remedies and retries by keyboard', async () => {
    await show(full);
    const remedy = page.getByRole('button', { name: 'Open data folder' });
    await remedy.focus();
    await show({ ...full, time: '2026-03-02T09:31:00.000Z' });
    await show({ ...full, session: connected });
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Open data folder');
    await page.keyboard.press('Enter');
    await until('the folder', async () => (await desktop.observed()).opened.includes(desktop.dataDirectory));
    await page.getByRole('button', { name: /^Try again/ }).press('Space');
    await until('the retry', () => desktop.app.evaluate(() => globalThis.testHost.calls.includes('retryUpload media-2')));
  });

  it.each(Object.entries(WINDOW_STATES))('is accessible in light and dark: %s', async (_name, state) => {
    await show({ ...WINDOW_STATES['signed out'], ...state });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { violations } = (await page.evaluate('axe.run(document)')) as AxeResult;
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
    }
  });

  it('needs no sideways scrolling with text at 200 %', async () => {
    await show(full);
    await page.evaluate(setTextSize('200%'));
    const overflow = await page.evaluate(OVERFLOW);
    await page.evaluate(setTextSize(''));
    expect(overflow).toBeLessThanOrEqual(0);
  });

  it('counts the elapsed time only while something grows, and never in a hidden page', async () => {
    await page.evaluate(COUNT_TIMERS);
    const live = (): Promise<number> => page.evaluate('liveTimers.size');
    const pretend = (state: 'visible' | 'hidden'): Promise<void> => page.evaluate(pretendVisibility(state));
    await show({ ...WINDOW_STATES['signed out'] });
    await page.locator('header[data-state=signedOut]').waitFor();
    expect(await live()).toBe(0);
    await show(full);
    await until('the clock', async () => (await live()) === 1);
    await pretend('hidden');
    expect(await live()).toBe(0);
    await pretend('visible');
    expect(await live()).toBe(1);
  });

  it('opens again where it was, after a crash too', async () => {
    await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 90, y: 60, width: 500, height: 560 }),
    );
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    page = await desktop.openStatus();
    expect(await page.locator('#recorder').isVisible()).toBe(true); // the details as they were left
    const bounds = await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    expect(bounds).toMatchObject({ width: 500, height: 560 });

    const opened = desktop.app.waitForEvent('window');
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer());
    page = await opened;
    await page.locator('h1').waitFor();
  });

  it('has every text from the language files', async () => {
    const pseudo = await launchDesktop({ folder, args: ['--lang=en-XA'] });
    try {
      await show(full, pseudo);
      const opened = pseudo.app.waitForEvent('window');
      await pseudo.app.evaluate(() => globalThis.observed.clickTray());
      const window = await opened;
      await window.locator('h1').waitFor();
      expect(await window.evaluate(UNTRANSLATED_TEXTS)).toEqual([]);
      expect((await pseudo.menuLabels()).filter((label) => !/~|^-$|Ada Example/.test(label))).toEqual([]);
      const overflow = await window.evaluate(OVERFLOW);
      expect(overflow).toBeLessThanOrEqual(0);
    } finally {
      await pseudo.close();
    }
  });
});
