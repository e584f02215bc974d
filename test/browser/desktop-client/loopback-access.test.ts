import type { Browser, BrowserContext, Page } from 'playwright-core';
import type * as client from '../../../src/desktop-client';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { bundleClient, decideLoopback, launchChromium, launchProfile, type PageServer, servePages } from '../../support/desktop-page';
import { issueLoopbackCertificate } from '../../support/loopback-certificate';
import { until } from '../../support/until';

/** What the pages' script sets. */
declare const srs: typeof client;

const INTRANET = 'http://intranet.example.com';

/** Real Chromium decides whether a page of the internet may reach 127.0.0.1 (platform-facts.md, *Browsers and 127.0.0.1*). */
describe('the client and the browser’s Local Network Access', () => {
  let api: ApiUnderTest;
  let pages: PageServer[];
  let hosts: Readonly<Record<string, number>>;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    api = await startApi();
    const script = await bundleClient();
    const certificate = await issueLoopbackCertificate();
    const html = '<!doctype html><title>desk</title><script src="/client.js"></script>';
    const handler: Parameters<typeof servePages>[0] = ({ url }, response) => {
      response.setHeader('Content-Type', url === '/client.js' ? 'text/javascript' : 'text/html');
      if (url === '/no-workers') response.setHeader('Content-Security-Policy', "worker-src 'none'");
      response.end(url === '/client.js' ? script : url === '/outer' ? `<iframe src="${DESKTOP}/inner"></iframe>` : html);
    };
    pages = [await servePages(handler, certificate), await servePages(handler)];
    const [secure = 0, plain = 0] = pages.map(({ port }) => port);
    hosts = { 'desktop.example.com': secure, 'portal.example.com': secure, 'intranet.example.com': plain };
    browser = await launchChromium(hosts);
  });

  afterAll(async () => {
    await browser?.close();
    for (const server of pages ?? []) await server.stop();
    await api?.stop();
  });

  beforeEach(async () => {
    api.service.endSession();
    api.service.polls.length = 0;
    api.service.logins.length = 0;
    context = await browser.newContext();
    page = await context.newPage();
  });

  afterEach(() => context.close());

  /** Logs in from the page and tells how it ended and what states were seen. */
  function login(
    where: Pick<Page, 'evaluate'> = page,
    authentication: 'basic' | 'cookie' = 'basic',
  ): Promise<{ code: string; message: string; accesses: (string | undefined)[] }> {
    return where.evaluate(
      async ({ baseUrl, authentication }) => {
        const accesses: (string | undefined)[] = [];
        const desk = srs.createScreenRecordingClient({
          baseUrl,
          authentication,
          pingIntervalSeconds: 0.05,
          credentials: () => ({ userName: 'agent', password: 'secret' }),
          onState: (state) => {
            if (state.status === 'signingIn' && state.access) accesses.push(state.access.state);
          },
        });
        Object.assign(globalThis, { desk });
        try {
          await desk.login();
          return { code: 'ok', message: '', accesses };
        } catch (error) {
          return { code: srs.isClientError(error) ? error.code : String(error), message: (error as Error).message, accesses };
        }
      },
      { baseUrl: api.base, authentication },
    );
  }

  const logout = (): Promise<void> => page.evaluate(() => (globalThis as unknown as { desk: client.ScreenRecordingClient }).desk.logout());

  const failure = (): Promise<{ readonly code: string } | undefined> =>
    page.evaluate(() => {
      const { state } = (globalThis as unknown as { desk: client.ScreenRecordingClient }).desk;
      return state.status === 'failed' ? { code: state.error.code } : undefined;
    });

  test('an https page that may: logs in, polls, logs out', async () => {
    await decideLoopback(context, DESKTOP, 'granted');
    await page.goto(DESKTOP);
    expect(await login()).toEqual({ code: 'ok', message: '', accesses: ['granted'] });
    await until('several polls', () => api.service.polls.length >= 3);
    await logout();
    expect(api.service.current()).toBeUndefined();
  });

  test('an https page that was refused: says so, and what to do; nothing reaches the service', async () => {
    await decideLoopback(context, DESKTOP, 'denied');
    await page.goto(DESKTOP);
    expect(await login()).toEqual({ code: 'permissionDenied', message: expect.stringContaining('site settings'), accesses: ['denied'] });
    expect(api.service.logins).toEqual([]);
  });

  test('an https page that nobody decided about: says that the browser is going to ask', async () => {
    await decideLoopback(context, DESKTOP, 'prompt');
    await page.goto(DESKTOP);
    const { accesses, code } = await login();
    expect(accesses).toEqual(['prompt']);
    expect(['unreachable', 'permissionDenied']).toContain(code); // without a window nobody can answer the question
    expect(api.service.logins).toEqual([]);
  });

  test('a page without https cannot even ask: says so', async () => {
    await page.goto(INTRANET);
    expect(await login()).toEqual({ code: 'permissionDenied', message: expect.stringContaining('https'), accesses: ['insecurePage'] });
    expect(api.service.logins).toEqual([]);
  });

  test('a frame of another site without allow="…": says which attribute is missing', async () => {
    await decideLoopback(context, DESKTOP, 'granted');
    await page.goto('https://portal.example.com/outer');
    const frame = await until('the frame', () => page.frames().find((candidate) => candidate.url().startsWith(DESKTOP)));
    await frame.waitForLoadState();
    expect(await login(frame)).toMatchObject({
      code: 'permissionDenied',
      message: expect.stringContaining('<iframe allow="loopback-network'),
    });
    expect(api.service.logins).toEqual([]);
  });

  test('polls by cookie, without keeping the credentials', async () => {
    await context.close();
    context = await launchProfile(hosts);
    page = context.pages()[0] ?? (await context.newPage());
    await decideLoopback(context, DESKTOP, 'granted');
    await page.goto(DESKTOP);
    expect(await login(page, 'cookie')).toMatchObject({ code: 'ok' });
    await until('several polls', () => api.service.polls.length >= 3);
    expect(api.service.logins).toHaveLength(1);
    await logout();
    expect(api.service.current()).toBeUndefined();
  });

  test('says so when the browser blocks the cookie it was to poll by', async () => {
    await decideLoopback(context, DESKTOP, 'granted');
    await page.goto(DESKTOP);
    expect(await login(page, 'cookie')).toMatchObject({ code: 'ok' });
    const state = await until('the client to give up', () => failure());
    expect(state).toMatchObject({ code: 'cookiesBlocked' });
    expect(api.service.logins).toHaveLength(1);
  });

  test('polls from a worker, which browsers do not slow down while the page is hidden', async () => {
    await decideLoopback(context, DESKTOP, 'granted');
    await page.goto(DESKTOP);
    await login();
    await until('the worker', () => page.workers().length === 1);
    await logout();
    await until('the worker to be gone', () => page.workers().length === 0);
  });

  test('polls from the page where workers are forbidden', async () => {
    await decideLoopback(context, DESKTOP, 'granted');
    await page.goto(`${DESKTOP}/no-workers`);
    expect(await login()).toMatchObject({ code: 'ok' });
    await until('several polls', () => api.service.polls.length >= 3);
    expect(page.workers()).toEqual([]);
    await logout();
  });
});
