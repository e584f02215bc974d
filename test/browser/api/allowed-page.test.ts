import type { BrowserContext, Page } from 'playwright-core';
import { type ApiUnderTest, DESKTOP, startApi } from '../../support/api-under-test';
import { decideLoopback, launchProfile, type PageServer, servePages } from '../../support/desktop-page';
import { basic } from '../../support/http-request';
import { FakeTlsSource, issueLoopbackCertificate } from '../../support/loopback-certificate';

interface PageRequest {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}
interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly csrfHeader: string | null;
  readonly csrfToken: string | null;
}

const OWN = { Authorization: basic('agent', 'secret') };
const LOGOUT = '{"operationName":"EndContactCenterSession"}';

/** A page of an allowed https origin in real Chromium, which counts it as a page of the internet. */
describe.each(['http', 'https'] as const)('an allowed https page, over %s', (scheme) => {
  let api: ApiUnderTest;
  let site: PageServer;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    const certificate = await issueLoopbackCertificate();
    const settings = { http: { enabled: scheme === 'http', port: 0 }, https: { enabled: scheme === 'https', port: 0 } };
    api = await startApi({ tls: new FakeTlsSource(certificate), settings });
    site = await servePages(
      (_request, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>desk</title>'),
      certificate,
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
  beforeEach(() => api.service.endSession());

  /** `fetch` in the page, with cookies. */
  function ask(path: string, init: PageRequest = {}): Promise<Reply> {
    return page.evaluate(
      async ({ url, init: options }) => {
        const response = await fetch(url, { ...options, credentials: 'include' });
        return {
          status: response.status,
          body: await response.json(),
          csrfHeader: response.headers.get('X-CSRF-HEADER'),
          csrfToken: response.headers.get('X-CSRF-TOKEN'),
        };
      },
      { url: `${api.base}${path}`, init },
    );
  }

  it('logs in, polls by Basic and by cookie, reads the CSRF token and logs out with it', async () => {
    const login = await ask('/api/v2/me', { headers: { ...OWN, 'X-Support-CSRFP': 'True' } });
    expect(login).toMatchObject({ status: 200, body: { statusCode: 0, user: { userName: 'agent' } }, csrfHeader: 'X-CSRF-TOKEN' });
    expect((await ask('/ping', { headers: OWN })).status).toBe(200);
    expect((await ask('/ping')).status).toBe(200);
    expect(api.service.polls).toHaveLength(2);

    const logout = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: LOGOUT };
    expect(await ask('/api/v2/me', logout)).toMatchObject({ status: 403, body: { statusCode: 3 } });
    expect((await ask('/api/v2/me', { ...logout, headers: { ...logout.headers, 'X-CSRF-Token': login.csrfToken ?? '' } })).status).toBe(
      200,
    );
    expect(api.service.current()).toBeUndefined();
    expect((await ask('/ping')).status).toBe(401);
    expect((await context.cookies(api.base)).map(({ name }) => name)).not.toContain('SRSSESSIONID');
  });

  it('logs in with a configuration', async () => {
    const body = JSON.stringify([{ name: 'place', value: 'P7' }]);
    expect((await ask('/api/v2/me', { method: 'POST', headers: OWN, body })).status).toBe(200);
    expect(api.service.logins.at(-1)?.details.place).toBe('P7');
  });

  it('is told why it is refused, without the browser asking for a password itself', async () => {
    const wrong = { headers: { Authorization: basic('agent', 'guess') } };
    expect(await ask('/api/v2/me', wrong)).toMatchObject({ status: 401, body: { statusCode: 20 } });
    expect(await ask('/ping')).toMatchObject({ status: 401, body: { statusCode: 20 } });
  });

  it('cannot see the cookie', async () => {
    await ask('/api/v2/me', { headers: OWN });
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await context.cookies(api.base)).toMatchObject([{ name: 'SRSSESSIONID', httpOnly: true, secure: true, sameSite: 'None' }]);
  });

  it('may read the version, but has no way to the status or to the uploads, not even with the token', async () => {
    expect((await ask('/version')).body).toEqual({ version: '8.5.102.03' });
    const headers = { Authorization: `Bearer ${await api.statusToken()}` };
    await expect(ask('/status', { headers })).rejects.toThrow(/Failed to fetch/);
    await expect(ask('/uploads/retry', { method: 'POST', headers })).rejects.toThrow(/Failed to fetch/);
    await expect(ask('/uploads/retry', { method: 'POST' })).rejects.toThrow(/Failed to fetch/);
    expect(api.service.retries).toEqual([]);
  });
});
