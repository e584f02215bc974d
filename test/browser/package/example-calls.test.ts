import { join } from 'node:path';
import { build } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import type * as Calls from '../../../examples/calls/browser';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { decideLoopback, launchProfile, type PageServer, servePages } from '../../support/desktop-page';
import { issueLoopbackCertificate } from '../../support/loopback-certificate';

const FILE = join(__dirname, '../../../examples/calls/browser.ts');
let api: ApiUnderTest;
let site: PageServer;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  const bundle = await build({ entryPoints: [FILE], bundle: true, write: false, format: 'iife', globalName: 'calls' });
  const html = `<!doctype html><title>desk</title><script>${bundle.outputFiles[0]?.text}</script>`;
  api = await startApi();
  site = await servePages(
    (_request, response) => response.setHeader('Content-Type', 'text/html').end(html),
    await issueLoopbackCertificate(),
  );
  context = await launchProfile({ 'desktop.example.com': site.port });
  await decideLoopback(context, DESKTOP, 'granted');
  page = await context.newPage();
  await page.goto(DESKTOP);
});

afterAll(async () => {
  await context?.close();
  await site?.stop();
  await api?.stop();
});

declare const calls: typeof Calls;

it('the calls of the TypeScript example log in, poll and log out from a page', async () => {
  const steps = await page.evaluate(async (url) => {
    const service = { url, userName: 'agent', password: 'secret' };
    const login = await calls.logIn(service, 'Place 7');
    await calls.poll(service);
    await calls.logOut(service, login);
    const after = await calls.poll(service).catch((error: Calls.ServiceError) => error.status);
    return { user: login.user, hasToken: login.csrfToken !== null, after };
  }, api.base);
  expect(steps).toEqual({ user: { userName: 'agent', firstName: 'Ada', lastName: 'Agent' }, hasToken: true, after: 401 });
});

it('its error carries the status and the sentence of the service', async () => {
  const error = await page.evaluate(
    (url) =>
      calls
        .logIn({ url, userName: 'agent', password: 'wrong' }, 'Place 7')
        .catch(({ status, message }: Calls.ServiceError) => ({ status, message })),
    api.base,
  );
  expect(error).toEqual({ status: 401, message: expect.stringMatching(/\S/) });
});
