import type { BrowserContext, Page } from 'playwright-core';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { launchProfileWith, type PageServer, servePages } from '../../support/desktop-page';
import * as hostile from '../../support/hostile-scripts';
import { basic } from '../../support/http-request';
import { FakeTlsSource, issueLoopbackCertificate } from '../../support/loopback-certificate';
import { until } from '../../support/until';

const EVIL = 'https://evil.example';
const EMPTY_PAGE = '<!doctype html><title>x</title><body></body>';

/**
 * Pages that nobody allowed, in the browser profile of an agent who is signed in and whose cookie is there. The worst case: the browser's own
 * Local Network Access lets them through (the pages come from loopback, too), and they know the agent's password.
 */
describe.each([
  ['http', true],
  ['https', true],
  ['http', false],
] as const)('over %s, with requireOrigin %s, a page that nobody allowed', (scheme, requireOrigin) => {
  let api: ApiUnderTest;
  let site: PageServer;
  let context: BrowserContext;
  let page: Page;
  /** Of every request to the API: the HTTP status, or why the browser kept the answer from the page. */
  let outcomes: string[];
  let knowledge: hostile.HostileKnowledge;

  beforeAll(async () => {
    const certificate = await issueLoopbackCertificate();
    const listeners = { http: { enabled: scheme === 'http', port: 0 }, https: { enabled: scheme === 'https', port: 0 } };
    api = await startApi({ tls: new FakeTlsSource(certificate), settings: { ...listeners, requireOrigin } });
    knowledge = { base: api.base, authorization: basic('agent', 'secret'), logout: '{"operationName":"EndContactCenterSession"}' };
    site = await servePages((_request, response) => response.setHeader('Content-Type', 'text/html').end(EMPTY_PAGE), certificate);
    const rules = [
      `MAP evil.example 127.0.0.1:${site.port}`,
      `MAP desktop.example.com 127.0.0.1:${site.port}`,
      'MAP rebound.example 127.0.0.1',
    ];
    context = await launchProfileWith(['--ignore-certificate-errors', `--host-resolver-rules=${rules.join(',')}`]);
    context.on('response', (response) => {
      if (response.url().startsWith(api.base)) outcomes.push(String(response.status()));
    });
    context.on('requestfailed', (request) => {
      if (request.url().startsWith(api.base)) outcomes.push(request.failure()?.errorText ?? '');
    });
  });
  afterAll(async () => {
    await context?.close();
    await site?.stop();
    await api?.stop();
  });

  /** The agent's own desktop logs in, and its cookie works; then the browser goes to the hostile page. */
  beforeEach(async () => {
    outcomes = [];
    page = await context.newPage();
    await page.goto(DESKTOP);
    const ask = (path: string, headers: Record<string, string> = {}): Promise<number> =>
      page.evaluate(async (given) => (await fetch(given.url, { headers: given.headers, credentials: 'include' })).status, {
        url: api.base + path,
        headers,
      });
    expect(await ask('/api/v2/me', { Authorization: knowledge.authorization })).toBe(200);
    expect(await ask('/ping')).toBe(200);
    await page.goto(EVIL);
    outcomes = [];
  });
  afterEach(() => page.close());

  const run = (script: string, more: Record<string, string> = {}): Promise<unknown> =>
    page.evaluate(hostile.hostileCall(script, { ...knowledge, ...more }));
  const answerOf = async (task: () => Promise<unknown>): Promise<number> => {
    const answer = page.waitForResponse((response) => response.url().startsWith(api.base));
    await task();
    return (await answer).status();
  };

  /** Nothing was done, nothing was granted, and the session goes on. */
  async function expectNothingChanged(task: () => Promise<unknown>): Promise<void> {
    const state = (): unknown => ({
      session: api.service.current()?.sessionId,
      logins: api.service.logins.length,
      logouts: api.service.logouts.length,
      polls: api.service.polls.length,
    });
    const before = state();
    await task();
    expect(state()).toEqual(before);
  }

  it('reads nothing and does nothing by fetch, with the cookie and even with the password', async () => {
    await expectNothingChanged(async () => {
      const results = (await run(hostile.FETCHES)) as string[];
      expect(results).toHaveLength(11);
      expect(new Set(results)).toEqual(new Set(['TypeError']));
    });
  });

  it.each([
    ['a no-cors fetch', hostile.NO_CORS_FETCHES, Array<string>(6).fill('TypeError')],
    ['a beacon', hostile.BEACON, true],
    ['an image, a script, a style, a video', hostile.PROBES, []],
    ['an image with the password in its address', hostile.IMAGE_WITH_PASSWORD, undefined],
    ['a web socket and an event stream', hostile.STREAMS, undefined],
  ])('does nothing by %s', async (_what, script, result) => {
    await expectNothingChanged(async () => {
      expect(await run(script)).toEqual(result);
      await until('an answer', () => outcomes.length > 0 || script === hostile.IMAGE_WITH_PASSWORD); // Chromium may not even send that one
      await run(hostile.NO_CORS_FETCHES); // what was sent before is answered by then
    });
    expect(outcomes.filter((outcome) => outcome.startsWith('2'))).toEqual([]);
  });

  it.each([
    ['a form', 'post', 'text/plain'],
    ['a form of the usual kind', 'post', 'application/x-www-form-urlencoded'],
    ['a form with files', 'post', 'multipart/form-data'],
    ['a form that asks', 'get', 'text/plain'],
  ])('does nothing by %s', async (_what, method, enctype) => {
    await expectNothingChanged(async () => {
      expect(await answerOf(() => run(hostile.FORM, { method, enctype }))).toBe(403);
    });
  });

  it.each([
    ['/ping', 403],
    ['/api/v2/me', 403],
    ['/status', 401],
    ['/uploads/retry', 403],
  ])('does nothing by sending the agent to %s, in a frame or in this window', async (path, httpStatus) => {
    await expectNothingChanged(async () => {
      expect(await answerOf(() => run(hostile.FRAME, { path }))).toBe(httpStatus);
      expect(await answerOf(() => run(hostile.NAVIGATION, { path }))).toBe(httpStatus);
    });
  });

  it('does nothing from a sandboxed frame, whose origin is null', async () => {
    await expectNothingChanged(async () => {
      const told = await run(hostile.SANDBOXED_FRAME, { fetches: hostile.FETCHES, noCorsFetches: hostile.NO_CORS_FETCHES });
      expect(told).toEqual({ origin: 'null', results: Array<string>(11).fill('TypeError'), opaque: Array<string>(6).fill('TypeError') });
    });
  });

  it('does nothing under a name of its own that now leads to 127.0.0.1', async () => {
    const base = api.base.replace('127.0.0.1', 'rebound.example');
    // Any page of that name will do to run the script in: the 421 itself, whose own policy would forbid all of it.
    await (await context.newCDPSession(page)).send('Page.setBypassCSP', { enabled: true });
    await page.goto(`${base}/attack`);
    await expectNothingChanged(async () => {
      const answers = (await run(hostile.FETCHES, { base })) as string[];
      expect(answers).toHaveLength(11);
      expect(new Set(answers)).toEqual(new Set([expect.stringMatching(/^421 \{"statusCode":3,/)]));
    });
  });
});
