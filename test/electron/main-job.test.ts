import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { createSimulator, type Simulator } from '../../src/simulator/create-simulator';
import type { SimulatorAddresses } from '../../src/simulator/options';
import { buildScriptedApp, launchDesktop, ROOT, type LaunchedDesktop } from '../support/desktop-app';
import { basic, sendRequest, type TestAnswer } from '../support/http-request';
import { probeMedia } from '../support/media-file';
import { ScriptedScreen } from '../support/scripted-screen';
import { until } from '../support/until';

const run = promisify(execFile);
const ACCOUNT = { userName: 'ann', password: 'planted-secret', firstName: 'Ann', lastName: 'Example' };

/** The application as it ships: tray and window follow login, recording and logout, and RWS gets the video. */
describe('the main job in the Electron application', () => {
  let observer: string;
  let directory: string;
  let screen: ScriptedScreen;
  let simulator: Simulator;
  let addresses: SimulatorAddresses;
  let desktop: LaunchedDesktop;
  let window: Page;
  let srs: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-electron-job-'));
    observer = await buildScriptedApp();
    screen = await ScriptedScreen.start();
    await screen.show('green');
    simulator = createSimulator({ accounts: [ACCOUNT], storage: join(directory, 'storage'), pagesDirectory: join(ROOT, 'dist/simulator') });
    addresses = await simulator.start();
    desktop = await launchDesktop({
      folder: observer,
      main: ROOT,
      env: { DISPLAY: screen.display },
      config: {
        server: addresses.server,
        allowedOrigins: [addresses.desktop],
        http: { port: 0 },
        https: { enabled: false },
        spool: { minFreeMegabytes: 1 },
      },
    });
    window = await desktop.openStatus();
    srs = await until('the address in the window', async () => /http:\/\/127\.0\.0\.1:\d+/.exec(await bodyText())?.[0]);
  });

  afterAll(async () => {
    await desktop?.close();
    await simulator?.stop();
    await screen?.stop();
    await rm(directory, { recursive: true, force: true });
    await rm(observer, { recursive: true, force: true });
  });

  const bodyText = (): Promise<string> => window.locator('body').innerText();
  const menuText = async (): Promise<string> => (await desktop.menuLabels()).join('\n');
  const call = (method: string, body?: string): Promise<TestAnswer> =>
    sendRequest(srs, {
      method,
      path: '/api/v2/me',
      headers: {
        Origin: addresses.desktop,
        Authorization: basic(ACCOUNT.userName, ACCOUNT.password),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    });

  it('shows that nobody is signed in', async () => {
    expect(await menuText()).toContain('No agent is signed in');
    expect(await bodyText()).toContain('No agent is signed in');
  });

  it('is known to the desktop by its icon, and by the name of its desktop entry', async () => {
    if (process.platform !== 'linux') return; // elsewhere both are the program file's
    const env = { ...process.env, DISPLAY: screen.display };
    const [id = ''] = (await run('xdotool', ['search', '--onlyvisible', '--name', '– Status$'], { env })).stdout.split('\n');
    const icon = await run('xprop', ['-id', id, '-len', '8', '-notype', '_NET_WM_ICON'], { env });
    expect(icon.stdout).toMatch(/256 x 256/);
    // The window's class follows it in the Electron that is distributed; older ones take the name of the program on X11.
    expect(await desktop.app.evaluate(() => process.env['CHROME_DESKTOP'])).toBe('screen-recording-service.desktop');
  });

  it('shows the agent after the login', async () => {
    const { status } = await call('GET');
    expect(status).toBe(200);
    await until('the tray to show the agent', async () => (await menuText()).includes('Ann Example'));
    await until('the window to show the agent', async () => (await bodyText()).includes('Ann Example'));
  });

  it('shows that it records, and only then', async () => {
    expect(await menuText()).toContain('Not recording');
    simulator.control.startRecording('ann', { recordingId: 'rec-1' });
    await until('the tray to show it', async () => /^recording/im.test(await menuText()));
    await until('the window to show it', async () => /recording/i.test(await window.locator('header').innerText()));
    await until('RWS to hear of it', () => simulator.control.reports().some(({ state }) => state === 'Recording'));
    const started = Date.now();
    await until('three seconds of video', () => Date.now() > started + 3000);
    simulator.control.stopRecording('ann');
    await until('the tray to show the end', async () => (await menuText()).includes('Not recording'));
  });

  it('gives RWS the video', async () => {
    const [recording] = await until('the recording at RWS', () =>
      simulator.control.recordings().length > 0 ? simulator.control.recordings() : undefined,
    );
    const facts = await probeMedia(simulator.control.mediaPath(recording?.mediaId ?? '') ?? '');
    expect(facts.codec).toBe('h264');
    expect(facts).toMatchObject({ height: 720 });
    expect(facts.duration).toBeGreaterThan(2.5);
  });

  it('shows that nobody is signed in after the logout', async () => {
    const { status } = await call('POST', JSON.stringify({ operationName: 'EndContactCenterSession' }));
    expect(status).toBe(200);
    await until('the tray to show it', async () => (await menuText()).includes('No agent is signed in'));
    await until('the window to show it', async () => (await bodyText()).includes('No agent is signed in'));
    expect(desktop.errors()).not.toContain(ACCOUNT.password);
  });
});
