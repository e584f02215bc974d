import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { browserArguments, findChromium } from '../../../src/headless/find-chromium';
import { CONTACT_CENTER_ID } from '../../../src/simulator/accounts';
import { makeUpload, type RawClient } from '../../integration/simulator/raw-client';
import { SimulatorUnderTest } from '../../integration/simulator/simulator-under-test';
import { until } from '../../support/until';

const rws = new SimulatorUnderTest();
let browser: Browser;
let page: Page;
let client: RawClient;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await findChromium(), args: browserArguments() });
});

afterAll(() => browser?.close());

beforeEach(async () => {
  await rws.start({ isPair: true, pagesDirectory: join(__dirname, '../../../dist/simulator') });
  client = rws.client();
  complaints.length = 0;
  page = await browser.newPage();
  page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${rws.addresses.control}/`);
});

afterEach(async () => {
  await page.close();
  await rws.stop();
});

const textOf = async (selector: string): Promise<string> => (await page.locator(selector).textContent()) ?? '';

/** Makes a short H.264 MP4 in the storage folder. */
async function makeVideo(): Promise<Buffer> {
  const file = join(rws.storage, 'made.mp4');
  const source = 'testsrc=size=320x180:rate=5:duration=2';
  await promisify(execFile)('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    source,
    '-pix_fmt',
    'yuv420p',
    '-c:v',
    'libx264',
    '-movflags',
    '+faststart',
    file,
  ]);
  return readFile(file);
}

it('shows agents as they come, and gives them the four commands', async () => {
  await page.getByText('Nobody is connected.').waitFor();
  await client.signIn();
  const poll = client.connect();
  await page.getByText('ready').waitFor();
  await page.getByRole('button', { name: 'Start recording of agent1' }).click();
  expect(JSON.stringify(await poll)).toContain('StartScreenRecording');
  for (const command of ['Pause', 'Resume', 'Stop']) {
    const next = client.connect();
    await page.getByRole('button', { name: `${command} recording of agent1` }).click();
    expect(JSON.stringify(await next)).toContain(`${command}ScreenRecording`);
  }
  expect(complaints).toEqual([]);
});

it('plays a recording that was received', async () => {
  const upload = makeUpload(await makeVideo(), CONTACT_CENTER_ID);
  await client.ask('POST', upload.path, { body: upload.form });
  await page.getByRole('button', { name: `Play ${upload.recordingId}` }).click();
  await until('the video to have played to its end', () =>
    page.evaluate(() => (globalThis as unknown as { player: { ended: boolean } }).player.ended),
  );
  const facts = await page.evaluate(() => {
    const { duration, videoWidth, error } = (globalThis as unknown as { player: { duration: number; videoWidth: number; error: unknown } })
      .player;
    return { duration, videoWidth, error };
  });
  expect(facts).toEqual({ duration: 2, videoWidth: 320, error: null });
});

it('sets a fault for one agent and removes it', async () => {
  await page.getByLabel('Fault', { exact: true }).selectOption('serverError');
  await page.getByLabel('Agent', { exact: true }).fill('agent1');
  await page.getByRole('button', { name: 'Set' }).click();
  await page.getByText('"status":500').waitFor();
  expect([(await client.me()).status, (await rws.client('agent2').me()).status]).toEqual([500, 200]);
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('None is set.').waitFor();
  expect((await client.me()).status).toBe(200);
});

it('throws strict modes and takes a data centre offline', async () => {
  await page.getByLabel('CSRF token required').check();
  await until('CSRF to be required', () => rws.simulator.control.strict.csrf);
  await page.getByRole('button', { name: 'Offline (peer)' }).click();
  await until('the page to show it', async () => /peer .*offline/.test(await textOf('#servers')));
  expect(rws.simulator.control.dataCentres().map(({ isOnline }) => isOnline)).toEqual([true, false]);
});

it('says why a command was not taken', async () => {
  await client.signIn();
  const stop = page.getByRole('button', { name: 'Stop recording of agent1' });
  await stop.click();
  await until('the message', async () => (await textOf('#message')).includes('No recording was started'));
});

it.each(['light', 'dark'] as const)('is accessible in %s', async (colorScheme) => {
  await page.emulateMedia({ colorScheme });
  await client.signIn();
  await page.getByText('ready').waitFor();
  // The page's own policy forbids inline scripts; the test's come in beside it.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const found = await (
      globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe.run();
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  expect(violations).toEqual([]);
});

it('says when the simulator is away', async () => {
  await rws.simulator.stop();
  await until('the page to say it', async () => (await textOf('#connection')).includes('does not answer'));
});
