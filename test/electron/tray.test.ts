import { rm } from 'node:fs/promises';
import { buildScriptedApp, launchDesktop, type LaunchedDesktop } from '../support/desktop-app';

describe('the tray and the status window', () => {
  let folder: string;
  let desktop: LaunchedDesktop;

  beforeAll(async () => {
    folder = await buildScriptedApp();
    desktop = await launchDesktop({ folder });
  });
  afterAll(async () => {
    await desktop?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows who is signed in, the session and the recorder', async () => {
    expect(await desktop.menuLabels()).toEqual([
      'No agent is signed in',
      'Not recording',
      '-',
      'Show status',
      'Open logs',
      'Collect diagnostics…',
      '-',
      'Start at login',
      'About',
      'Quit',
    ]);
    expect((await desktop.observed()).tooltip).toContain('Signed out');
  });

  it('opens the window, which shows the same', async () => {
    const page = await desktop.openStatus();
    expect(await page.locator('header').innerText()).toContain('Signed out');
  });
});
