import { rm } from 'node:fs/promises';
import { buildScriptedApp, launchDesktop, ROOT, type LaunchedDesktop } from '../support/desktop-app';

describe('the application on a Linux desktop', () => {
  let folder: string;
  let desktop: LaunchedDesktop;

  beforeAll(async () => {
    folder = await buildScriptedApp();
    desktop = await launchDesktop({ folder, main: ROOT });
  });
  afterAll(async () => {
    await desktop?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is known by the name of its desktop entry', async () => {
    // The window's class follows it in the Electron that is distributed; older ones take the name of the program on X11.
    expect(await desktop.app.evaluate(() => process.env['CHROME_DESKTOP'])).toBe('screen-recording-service.desktop');
  });
});
