import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { buildScriptedApp, launchDesktop, ROOT, type LaunchedDesktop } from '../support/desktop-app';
import { until } from '../support/until';

/** Electron's security checklist (https://www.electronjs.org/docs/latest/tutorial/security), point by point, on the running application. */
describe('Electron’s security checklist', () => {
  let folder: string;
  let desktop: LaunchedDesktop;
  let page: Page;

  beforeAll(async () => {
    folder = await buildScriptedApp();
    desktop = await launchDesktop({ folder });
    page = await desktop.openStatus();
    // The capture window is the other page there is.
    await desktop.app.evaluate(async () => globalThis.testHostDeps?.capture.warm());
  });
  afterAll(async () => {
    await desktop?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const source = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');
  const urls = (): Promise<readonly string[]> =>
    desktop.app.evaluate(({ webContents }) =>
      webContents
        .getAllWebContents()
        .map((contents) => contents.getURL())
        .sort(),
    );

  it('1, 7, 18: only own content, from a scheme of its own, under a strict policy', async () => {
    expect(await urls()).toEqual(['srs://capture/index.html', 'srs://window/index.html']);
    const policy = await page.evaluate<string | null>(
      "fetch('index.html').then((answer) => answer.headers.get('content-security-policy'), () => null)",
    );
    // connect-src falls back to 'none': not even the page's own file can be fetched.
    expect(policy).toBeNull();
    const { CONTENT_SECURITY_POLICY } = await import('../../src/desktop/windows/content-security-policy');
    expect(CONTENT_SECURITY_POLICY).toMatch(/default-src 'none'/);
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|\*|https?:|data:/);
    expect(await source('src/renderer/index.html')).not.toMatch(/https?:|<script(?![^>]*src=)|style=|\son\w+=/);
  });

  it('1: serves nothing but the listed files', async () => {
    const statuses = await desktop.app.evaluate(async ({ session }) => {
      const fetchStatus = async (url: string): Promise<number> => (await session.fromPartition('window').fetch(url)).status;
      return Promise.all(
        ['index.html', '../main.js', '..%2fmain.js', 'index.js.map', 'preload/window.js', '%2e%2e/package.json'].map((path) =>
          fetchStatus(`srs://window/${path}`),
        ),
      );
    });
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404]);
  });

  it('2, 3, 4, 6, 8 to 12: sandbox, isolation, no Node, web security, no webview, no experiments', async () => {
    const preferences = await source('src/desktop/windows/page-security.ts');
    for (const line of [
      'sandbox: true',
      'contextIsolation: true',
      'nodeIntegration: false',
      'webSecurity: true',
      'webviewTag: false',
      'allowRunningInsecureContent: false',
      'experimentalFeatures: false',
    ]) {
      expect(preferences).toContain(line);
    }
    const reach = await page.evaluate(
      '[typeof require, typeof process, typeof module, typeof Buffer, Object.keys(window.srs).sort().join()]',
    );
    expect(reach).toEqual(['undefined', 'undefined', 'undefined', 'undefined', 'begin,onSnapshot,retryUpload,run']);
  });

  it('5: no permission for the window', async () => {
    expect(await page.evaluate('Notification.requestPermission()')).toBe('denied');
    expect(
      await page.evaluate("navigator.mediaDevices.getDisplayMedia({ video: true }).then(() => 'granted', (error) => error.name)"),
    ).not.toBe('granted');
  });

  it('13, 14: no navigation, no new windows', async () => {
    await page.evaluate("window.open('https://example.invalid/') && undefined");
    await page.evaluate("void (location.href = 'https://example.invalid/')");
    await page.evaluate("document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://example.invalid/' }))");
    await until('the refusals', async () => ['new window', 'navigation'].every((what) => desktop.errors().includes(`"what":"${what}"`)));
    expect(await urls()).toEqual(['srs://capture/index.html', 'srs://window/index.html']);
  });

  it('15: the page cannot name what is opened', async () => {
    await expect(page.evaluate("window.srs.run('https://example.invalid/')")).rejects.toThrow('wrong arguments');
    await expect(page.evaluate('window.srs.retryUpload({})')).rejects.toThrow('wrong arguments');
    expect((await desktop.observed()).opened).toEqual([]);
  });

  it('16: a supported Electron; the newest major that is released is taken by the lock file', async () => {
    const { devDependencies } = JSON.parse(await source('package.json')) as { devDependencies: Record<string, string> };
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('17: senders are checked: a request from the capture page is refused', async () => {
    const refusal = await desktop.app.evaluate(async ({ webContents, ipcMain }) => {
      void ipcMain;
      const capture = webContents.getAllWebContents().find((contents) => contents.getURL().startsWith('srs://capture/'));
      return capture?.executeJavaScript('typeof window.srs') as Promise<string>;
    });
    expect(refusal).toBe('undefined');
  });

  it('19: fuses are closed in the package, the archive’s integrity is checked', async () => {
    const builder = await source('electron-builder.yml');
    for (const line of [
      'runAsNode: false',
      'enableNodeOptionsEnvironmentVariable: false',
      'enableNodeCliInspectArguments: false',
      'enableEmbeddedAsarIntegrityValidation: true',
      'onlyLoadAppFromAsar: true',
      'grantFileProtocolExtraPrivileges: false',
      'enableCookieEncryption: true',
    ]) {
      expect(builder).toContain(line);
    }
  });

  it('20: only named channels cross the bridge', async () => {
    for (const preload of ['src/preload/window.ts', 'src/preload/capture.ts']) {
      expect(await source(preload)).not.toMatch(/exposeInMainWorld\([^)]*ipcRenderer|remote|require\(/);
    }
  });
});
