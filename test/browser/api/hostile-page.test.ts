import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { browserArguments, findChromium } from '../../../src/headless/find-chromium';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { type PageServer, servePages } from '../../support/desktop-page';
import { basic } from '../../support/http-request';
import { FakeTlsSource, issueLoopbackCertificate } from '../../support/loopback-certificate';
import { until } from '../../support/until';

const EVIL = 'https://evil.example';
const BASIC = basic('agent', 'secret');
const LOGOUT = '{"operationName":"EndContactCenterSession"}';

/** What a hostile page tries; runs in the page, with the API's address. Whatever it may find out is its result. */
type Attack = (base: string) => Promise<unknown>;
interface Given {
  readonly base: string;
  readonly authorization: string;
  readonly logout: string;
}

/**
 * Pages that nobody allowed, in the browser profile of an agent who is signed in and whose cookie is there. The worst case: the browser's own
 * Local Network Access lets them through (the pages come from loopback, too), and they know the agent's password.
 */
describe.each([
  ['http', true],
  ['https', true],
  ['http', false],
  ['https', false],
] as const)('over %s, with requireOrigin %s, a page that nobody allowed', (scheme, requireOrigin) => {
  let api: ApiUnderTest;
  let site: PageServer;
  let profile: string;
  let context: BrowserContext;
  let page: Page;
  let statuses: number[];
  let given: Given;

  beforeAll(async () => {
    const certificate = await issueLoopbackCertificate();
    const listeners = { http: { enabled: scheme === 'http', port: 0 }, https: { enabled: scheme === 'https', port: 0 } };
    api = await startApi({ tls: new FakeTlsSource(certificate), settings: { ...listeners, requireOrigin } });
    given = { base: api.base, authorization: BASIC, logout: LOGOUT };
    site = await servePages((_request, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>x</title>'), certificate);
    profile = await mkdtemp(join(tmpdir(), 'srs-profile-'));
    const rules = [`MAP evil.example 127.0.0.1:${site.port}`, `MAP desktop.example.com 127.0.0.1:${site.port}`, 'MAP rebound.example 127.0.0.1'];
    context = await chromium.launchPersistentContext(profile, {
      executablePath: findChromium(),
      args: [...browserArguments(), '--ignore-certificate-errors', `--host-resolver-rules=${rules.join(',')}`],
    });
    context.on('response', (response) => {
      if (response.url().startsWith(api.base)) statuses.push(response.status());
    });
  });
  afterAll(async () => {
    await context?.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    await site?.stop();
    await api?.stop();
  });

  beforeEach(async () => {
    statuses = [];
    page = await context.newPage();
    await page.goto(DESKTOP);
    await page.evaluate(async ({ base, authorization }) => void (await fetch(`${base}/api/v2/me`, { headers: { Authorization: authorization }, credentials: 'include' })), given);
    expect(await page.evaluate(async (base) => (await fetch(`${base}/ping`, { credentials: 'include' })).status, api.base)).toBe(200);
    await page.goto(EVIL);
    statuses = [];
  });
  afterEach(() => page.close());

  /** Nothing was done, and the service goes on for the agent. */
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
    expect(statuses.filter((status) => ![401, 403, 404, 405, 421].includes(status))).toEqual([]);
  }

  it('reads nothing and does nothing by fetch, with the cookie and even with the password', async () => {
    await expectNothingChanged(async () => {
      const results = await page.evaluate(async ({ base, authorization, logout }) => {
        const json = { 'Content-Type': 'application/json' };
        const attempts: [string, RequestInit][] = [
          ['/ping', {}],
          ['/ping', { headers: { Authorization: authorization } }],
          ['/api/v2/me', {}],
          ['/api/v2/me', { headers: { Authorization: authorization } }],
          ['/api/v2/me', { method: 'POST', headers: { Authorization: authorization }, body: '[]' }],
          ['/api/v2/me', { method: 'POST', headers: json, body: logout }],
          ['/api/v2/me', { method: 'POST', body: logout }],
          ['/api/v2/me', { method: 'DELETE' }],
          ['/status', {}],
          ['/version', {}],
        ];
        return Promise.all(attempts.map(([path, init]) => fetch(`${base}${path}`, { ...init, credentials: 'include' }).then(({ status }) => status, (error: Error) => error.name)));
      }, given);
      statuses = statuses.filter((status) => status !== 200); // `/version`, whose answer the browser kept from the page
      expect(results).toEqual(results.map(() => 'TypeError'));
    });
  });

  const simple: Readonly<Record<string, (page: Page) => Promise<void>>> = {
    'a no-cors fetch': (at) =>
      at.evaluate(async ({ base, logout }) => {
        const options: RequestInit = { mode: 'no-cors', credentials: 'include' };
        for (const path of ['/ping', '/api/v2/me', '/status']) await fetch(`${base}${path}`, options).catch(() => undefined);
        for (const body of [logout, '', '[]']) await fetch(`${base}/api/v2/me`, { ...options, method: 'POST', body }).catch(() => undefined);
      }, given),
    'a beacon': (at) => at.evaluate(({ base, logout }) => void navigator.sendBeacon(`${base}/api/v2/me`, logout), given),
    'an image, a script, a style, a video': (at) =>
      at.evaluate(async ({ base }) => {
        const probe = (name: string, attribute: string, path: string): Promise<void> =>
          new Promise((resolve, reject) => {
            const element = Object.assign(document.createElement(name), { onerror: () => resolve(), onload: () => reject(new Error(`${name} ${path} loaded`)) });
            if (name === 'link') element.setAttribute('rel', 'stylesheet');
            element.setAttribute(attribute, `${base}${path}`);
            document.body.append(element);
          });
        await Promise.all([probe('img', 'src', '/ping'), probe('img', 'src', '/api/v2/me'), probe('script', 'src', '/ping'), probe('link', 'href', '/status'), probe('video', 'src', '/ping')]);
      }, given),
    'an image with the password in its address': (at) =>
      at.evaluate(async ({ base }) => {
        await new Promise((resolve) => {
          document.body.append(Object.assign(document.createElement('img'), { onerror: resolve, onload: resolve, src: `${base.replace('://', '://agent:secret@')}/api/v2/me` }));
        });
      }, given),
    'a web socket and an event stream': (at) =>
      at.evaluate(async ({ base }) => {
        await new Promise((resolve) => (new WebSocket(`${base.replace('http', 'ws')}/ping`).onerror = resolve));
        await new Promise<void>((resolve) => {
          const stream = new EventSource(`${base}/ping`, { withCredentials: true });
          stream.onerror = () => {
            stream.close();
            resolve();
          };
        });
      }, given),
  };
  it.each(Object.keys(simple))('does nothing by %s', async (name) => {
    await expectNothingChanged(async () => {
      await simple[name]?.(page);
      await expectNextAnswer();
    });
  });

  it.each([
    ['a form', 'post', 'text/plain'],
    ['a form of the usual kind', 'post', 'application/x-www-form-urlencoded'],
    ['a form with files', 'post', 'multipart/form-data'],
    ['a form that asks', 'get', 'text/plain'],
  ])('does nothing by %s', async (_what, method, enctype) => {
    await expectNothingChanged(async () => {
      const navigated = page.waitForResponse((response) => response.url().startsWith(api.base));
      await page.evaluate(
        ({ base, method: how, enctype: type }) => {
          const form = Object.assign(document.createElement('form'), { action: `${base}/api/v2/me`, method: how, enctype: type });
          form.append(Object.assign(document.createElement('input'), { name: '{"operationName":"EndContactCenterSession","x":"', value: '"}' }));
          document.body.append(form);
          form.submit();
        },
        { base: api.base, method, enctype },
      );
      expect((await navigated).status()).toBe(403);
    });
  });

  it('does nothing by sending the agent there, in this window or in a frame', async () => {
    await expectNothingChanged(async () => {
      for (const path of ['/ping', '/api/v2/me', '/status']) {
        const answered = page.waitForResponse((response) => response.url().startsWith(api.base));
        await page.evaluate((url) => document.body.append(Object.assign(document.createElement('iframe'), { src: url })), `${api.base}${path}`);
        await answered;
      }
      const answered = page.waitForResponse((response) => response.url() === `${api.base}/ping`);
      await page.evaluate((url) => location.assign(url), `${api.base}/ping`);
      expect((await answered).status()).toBe(403);
    });
  });

  it('does nothing from a sandboxed frame, whose origin is null', async () => {
    await expectNothingChanged(async () => {
      const results = await page.evaluate(async ({ base, authorization, logout }) => {
        const script = `(async () => {
          const results = [];
          for (const init of [{}, { headers: { Authorization: '${authorization}' } }, { method: 'POST', body: '${logout}' }, { mode: 'no-cors' }]) {
            for (const path of ['/ping', '/api/v2/me']) {
              results.push(await fetch('${base}' + path, { ...init, credentials: 'include' }).then(({ type }) => type, (error) => error.name));
            }
          }
          results.push(location.origin, origin);
          parent.postMessage(results, '*');
        })()`;
        const told = new Promise((resolve) => addEventListener('message', ({ data }) => resolve(data), { once: true }));
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', 'allow-scripts');
        frame.setAttribute('allow', 'loopback-network; local-network-access');
        frame.srcdoc = `<script>${script}</script>`;
        document.body.append(frame);
        return told;
      }, given);
      expect(results).toEqual([...Array<string>(6).fill('TypeError'), 'opaque', 'opaque', 'null', 'null']);
    });
  });

  it('does nothing under a name of its own that now leads to 127.0.0.1', async () => {
    const rebound = api.base.replace('127.0.0.1', 'rebound.example');
    await page.route(`${rebound}/attack`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>x</title>' }));
    await page.goto(`${rebound}/attack`);
    const attack: Attack = (base) =>
      page.evaluate(
        async ({ base: own, authorization, logout }) => {
          const headers = { Authorization: authorization, 'Content-Type': 'application/json' };
          const attempts: [string, RequestInit][] = [
            ['/version', {}],
            ['/status', {}],
            ['/ping', { headers }],
            ['/api/v2/me', { headers }],
            ['/api/v2/me', { headers, method: 'POST', body: '[]' }],
            ['/api/v2/me', { headers, method: 'POST', body: logout }],
          ];
          return Promise.all(attempts.map(async ([path, init]) => {
            const response = await fetch(`${own}${path}`, init);
            return `${response.status} ${await response.text()}`;
          }));
        },
        { ...given, base },
      );
    await expectNothingChanged(async () => {
      const answers = (await attack(rebound)) as string[];
      expect(answers).toHaveLength(6);
      expect(new Set(answers)).toEqual(new Set([expect.stringMatching(/^421 \{"statusCode":3,/)]));
    });
  });

  /** What has been sent has been answered once a request sent later has. */
  async function expectNextAnswer(): Promise<void> {
    const before = statuses.length;
    await page.evaluate(({ base }) => fetch(`${base}/ping`, { mode: 'no-cors' }).catch(() => undefined), given);
    await until('another answer', () => statuses.length > before);
  }
});
