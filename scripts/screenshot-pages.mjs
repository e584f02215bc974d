// The simulator's pages for docs/images: a real service that records a real screen, driven as a developer would.
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';

const AGENT = { userName: 'agent', password: 'password' };
const VIEW = { width: 940, height: 620 };
const LOOK = { colorScheme: 'light', locale: 'en-GB' };

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function logIn(page) {
  await page.getByLabel('User name').fill(AGENT.userName);
  await page.getByLabel('Password').fill(AGENT.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('#lamp[data-status="signedOut"]').waitFor({ state: 'detached' });
  await page.locator('#logout:enabled').waitFor();
}

/** One recording from its start to its arrival. */
async function record(page) {
  await page.getByRole('button', { name: `Start recording of ${AGENT.userName}` }).click();
  await page.locator('#agents', { hasText: 'recording' }).waitFor();
  await page.locator('#reports', { hasText: 'Recording' }).waitFor();
  await page.waitForTimeout(3000); // what the picture is to show takes its time
  await page.getByRole('button', { name: `Stop recording of ${AGENT.userName}` }).click();
  await page.getByRole('button', { name: /^Play / }).waitFor({ timeout: 60_000 });
}

/**
 * @param support `startSrs`, `findChromium` and `browserArguments`
 * @param environment of a desktop with a screen
 * @param save told the name and the PNG of each picture
 */
export async function takePages({ startSrs, findChromium, browserArguments }, environment, save) {
  const directory = await mkdtemp(path.join(tmpdir(), 'srs-pages-'));
  const port = await freePort();
  const started = [];
  const start = (args, env) => {
    started.push(startSrs(args, { ...environment, HOME: directory, ...env }));
    return started.at(-1);
  };
  const browser = await chromium.launch({ executablePath: await findChromium(), args: browserArguments() });
  try {
    const agent = `${AGENT.userName}:${AGENT.password}`;
    const simulator = start(['simulator', '--agent', agent, '--storage', path.join(directory, 'got'), '--srs', `http://127.0.0.1:${port}`]);
    const [, server] = await simulator.waitFor(/listening (http:\S+)$/m);
    const [, control] = await simulator.waitFor(/listening (http:\S+) \(control page\)/);
    const [, desktop] = await simulator.waitFor(/listening (http:\S+) \(example agent desktop\)/);
    const settings = { SRS_SERVER: server, SRS_HTTP_PORT: String(port), SRS_HTTPS_ENABLED: 'false', SRS_ALLOWED_ORIGINS: desktop };
    const data = { SRS_DATA_DIRECTORY: path.join(directory, 'data'), SRS_CREDENTIAL_STORE: 'memory' };
    await start(['run', '--headless'], { ...settings, ...data }).waitFor(/listening/);

    const page = await browser.newPage({ ...LOOK, viewport: { width: 600, height: 600 } });
    await page.goto(desktop);
    await logIn(page);
    save('example-desktop.png', await page.screenshot());
    const second = await browser.newPage({ ...LOOK, viewport: VIEW });
    await second.goto(control);
    await record(second);
    save('simulator-control.png', await second.screenshot());
  } finally {
    await browser.close();
    await Promise.all(started.map((each) => each.stop()));
    await rm(directory, { recursive: true, force: true });
  }
}
