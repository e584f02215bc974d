import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { browserArguments, findChromium } from '../../src/headless/find-chromium';
import { createSimulator, type Simulator } from '../../src/simulator/create-simulator';
import type { SimulatorAddresses } from '../../src/simulator/options';
import { firstSecondOf, probeMedia } from '../support/media-file';
import { ScriptedScreen } from '../support/scripted-screen';
import { startSrs, type SrsProcess } from '../support/srs-process';
import { until } from '../support/until';

const PASSWORD = 'planted-Pä55word';

/**
 * The whole way with nothing pretended: the example agent desktop in Chromium, the service as built, the simulator with its CometD server, a
 * real screen, and ffprobe as judge.
 */
describe('the main job', () => {
  let directory: string;
  let screen: ScriptedScreen;
  let simulator: Simulator;
  let addresses: SimulatorAddresses;
  let srs: SrsProcess;
  let browser: Browser;
  let desktop: Page;
  let control: Page;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'srs-main-job-'));
    screen = await ScriptedScreen.start();
    await screen.show('red');
    simulator = createSimulator({
      accounts: [{ userName: 'ann', password: PASSWORD, firstName: 'Ann', lastName: 'Example' }],
      storage: join(directory, 'storage'),
      pagesDirectory: join(__dirname, '../../dist/simulator'),
    });
    addresses = await simulator.start();
    const config = join(directory, 'config.json');
    await writeFile(
      config,
      JSON.stringify({
        server: addresses.server,
        allowedOrigins: [addresses.desktop],
        http: { port: 0 },
        https: { enabled: false },
        dataDirectory: join(directory, 'data'),
        spool: { minFreeMegabytes: 1 },
      }),
    );
    srs = startSrs(['run', '--headless', '--config', config], { DISPLAY: screen.display });
    const [, address = ''] = await srs.waitFor(/^listening (http:\S+)$/m);
    simulator.setSrsUrl(address);
    browser = await chromium.launch({ executablePath: await findChromium(), args: browserArguments() });
    desktop = await browser.newPage();
    control = await browser.newPage();
  });

  afterAll(async () => {
    await browser?.close();
    await srs?.kill();
    await simulator?.stop();
    await screen?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('records the screen from RWS’s start to its stop, and RWS has the video', async () => {
    // The agent logs in
    await desktop.goto(`${addresses.desktop}/`);
    await desktop.getByLabel('User name').fill('ann');
    await desktop.getByLabel('Password').fill(PASSWORD);
    await desktop.getByLabel('Place').fill('Place 7');
    await desktop.getByRole('button', { name: 'Log in' }).click();
    await until('the desktop to show the login', async () => /signed in/i.test((await desktop.locator('#state').textContent()) ?? ''));
    await until('the agent to listen at RWS', () => simulator.control.agents().some(({ isListening }) => isListening));

    // RWS says start, the picture changes, RWS says stop
    await control.goto(`${addresses.control}/`);
    await control.getByRole('button', { name: 'Start' }).click();
    await until('RWS to hear that it records', () => simulator.control.reports().some(({ state }) => state === 'Recording'));
    const started = Date.now();
    await until('two seconds of red', () => Date.now() > started + 2000);
    const changed = await screen.show('blue');
    await until('two seconds of blue', () => Date.now() > changed + 2000);
    await control.getByRole('button', { name: 'Stop' }).click();
    const stopped = Date.now();

    // RWS has it
    const [recording] = await until('the recording at RWS', () => {
      const all = simulator.control.recordings();
      return all.length > 0 ? all : undefined;
    });
    const file = simulator.control.mediaPath(recording?.mediaId ?? '') ?? '';
    const facts = await probeMedia(file);
    expect(facts).toMatchObject({ codec: 'h264', width: 1280, height: 720 });
    expect(facts.format).toContain('mp4');
    expect(Math.abs(facts.duration - (stopped - started) / 1000)).toBeLessThan(1);

    // and its frames show the change at the right second, by the times the metadata gives
    const media = (recording?.metadata as { mediaFiles: { startTime: string; parameters: object }[] }).mediaFiles[0];
    const blueAt = await firstSecondOf(file, ([red, , blue]) => blue > 150 && red < 100, facts.duration);
    const expected = (changed - Date.parse(media?.startTime.replace('+0000', 'Z') ?? '')) / 1000;
    expect(Math.abs(blueAt - expected)).toBeLessThan(0.6);
    expect(media?.parameters).toMatchObject({
      contact: { userName: 'ann' },
      place: 'Place 7',
      displays: [{ x: 0, y: 0, width: 1280, height: 720 }],
    });
    await until('the report that it was uploaded', () => simulator.control.reports().some(({ state }) => state === 'Uploaded'));
  });

  it('plays the received recording on the control page', async () => {
    await control.getByRole('button', { name: 'Play' }).first().click();
    const player = control.locator('video');
    await until('the video to play', () => player.evaluate((video) => (video as unknown as { currentTime: number }).currentTime > 0.2));
    expect(await player.evaluate((video) => (video as unknown as { videoWidth: number }).videoWidth)).toBe(1280);
  });

  it('signs the agent out, and leaves nothing running at RWS', async () => {
    await desktop.getByRole('button', { name: 'Log out' }).click();
    await until('the desktop to show the logout', async () => /signed out/i.test((await desktop.locator('#state').textContent()) ?? ''));
    await until('RWS to have no session', () => simulator.control.agents().length === 0);
  });

  it('ends with exit code 0 on SIGTERM, with no password and no fault in its log and no file left in the spool', async () => {
    expect(await srs.stop()).toBe(0);
    const lines = srs
      .stderr()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { level: string });
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(srs.stderr() + srs.stdout()).not.toContain(PASSWORD);
    expect(srs.stderr()).not.toContain(Buffer.from(`ann:${PASSWORD}`).toString('base64'));
    await expect(readFile(join(directory, 'data/endpoints.json'))).rejects.toThrow('ENOENT');
  });
});
