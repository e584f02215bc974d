import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { browserArguments, findChromium } from '../../../src/headless/find-chromium';
import { RwsError } from '../../../src/shared/rws-error';
import { createDesktopApp } from '../../../src/simulator/desktop-server/create-desktop-app';
import { type ApiUnderTest, startApi } from '../../support/api-under-test';
import { buildExampleDesktop, type PageServer, servePages } from '../../support/desktop-page';
import { until } from '../../support/until';

const SERVER = 'https://rws.example.com';

/** The example agent desktop as the simulator serves it, against the real local API. */
describe('the example agent desktop', () => {
  let api: ApiUnderTest;
  let site: PageServer;
  let build: Awaited<ReturnType<typeof buildExampleDesktop>>;
  let browser: Browser;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    build = await buildExampleDesktop();
    site = await servePages(createDesktopApp({ pageDirectory: build.folder, addresses: () => ({ srs: api.base, server: SERVER }) }));
    browser = await chromium.launch({ executablePath: await findChromium(), args: browserArguments() });
  });

  afterAll(async () => {
    await browser?.close();
    await site?.stop();
    await build?.remove();
  });

  beforeEach(async () => {
    api = await startApi({ settings: { allowedOrigins: [`http://127.0.0.1:${site.port}`] } });
    page = await browser.newPage();
    faults = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) faults.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${site.port}/`);
    await until('the page', async () => (await page.locator('#srs').textContent()) === api.base);
  });

  afterEach(async () => {
    await page.close();
    await api.stop();
    expect(faults).toEqual([]);
  });

  async function logIn(userName = 'agent', password = 'secret'): Promise<void> {
    await page.getByLabel('User name').fill(userName);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
  }

  const state = async (): Promise<string> => (await page.locator('#state').textContent()) ?? '';
  const stateIs = (text: string): Promise<unknown> => until(`the state ${text}`, async () => (await state()) === text);

  test('signs the agent in with place and devices, polls, and signs out', async () => {
    await page.getByLabel('Place').fill('Place 7');
    await page.getByLabel('Devices').fill('7001@Switch A, 7002@Switch B');
    await logIn();
    await stateIs('signed in as Ada Agent (agent)');
    expect(api.service.logins).toEqual([
      expect.objectContaining({
        server: SERVER,
        details: {
          place: 'Place 7',
          devices: [
            { dn: '7001', switch: 'Switch A' },
            { dn: '7002', switch: 'Switch B' },
          ],
        },
      }),
    ]);
    await until('a poll', () => api.service.polls.length > 0);
    await page.getByRole('button', { name: 'Log out' }).click();
    await stateIs('signed out');
    expect(api.service.current()).toBeUndefined();
  });

  test('shows why a login failed, and lets the agent try again', async () => {
    await logIn('agent', 'wrong');
    await stateIs('not signed in');
    expect(await page.getByRole('alert').textContent()).toBe('Not authenticated.');
    await logIn();
    await stateIs('signed in as Ada Agent (agent)');
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  test('offers only what can be done', async () => {
    const buttons = async (): Promise<boolean[]> => Promise.all(['#login', '#logout'].map((id) => page.locator(id).isEnabled()));
    expect(await buttons()).toEqual([true, false]);
    const release = api.service.holdLogins();
    await logIn();
    await stateIs('signing in…');
    expect(await buttons()).toEqual([false, false]);
    release();
    await stateIs('signed in as Ada Agent (agent)');
    expect(await buttons()).toEqual([false, true]);
  });

  test('shows that the recording server is away', async () => {
    api.service.failures.push(new RwsError({ kind: 'unavailable', statusMessage: 'RWS does not answer' }));
    await logIn();
    await stateIs('not signed in');
    expect(await page.getByRole('alert').textContent()).toMatch(/\S/);
  });

  test.each([['light'], ['dark']] as const)('is accessible, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await logIn('agent', 'wrong');
    await stateIs('not signed in');
    // Through the debugger: the page's own policy lets no foreign script in.
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const violations = await page.evaluate(async () => {
      const axe = (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe;
      return (await axe.run()).violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
    });
    expect(violations).toEqual([]);
  });
});
