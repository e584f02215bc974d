import { build } from 'esbuild';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { browserArguments, findChromium } from '../../src/headless/find-chromium';
import type { LoopbackCertificate } from './loopback-certificate';

const ROOT = resolve(__dirname, '..', '..');

/** The example agent desktop, bundled into a folder of its own. */
export async function buildExampleDesktop(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'srs-desktop-'));
  const source = 'src/simulator/pages/desktop';
  await build({
    absWorkingDir: ROOT,
    bundle: true,
    format: 'iife',
    entryPoints: [`${source}/index.ts`],
    outfile: join(folder, 'index.js'),
  });
  for (const file of ['index.html', 'index.css']) await cp(join(ROOT, source, file), join(folder, file));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** The client for agent desktops as one script that sets the global `srs`. */
export async function bundleClient(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    bundle: true,
    format: 'iife',
    globalName: 'srs',
    entryPoints: ['src/desktop-client/index.ts'],
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

export interface PageServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Serves pages on 127.0.0.1, over TLS when there is a certificate. */
export async function servePages(handler: RequestListener, certificate?: LoopbackCertificate): Promise<PageServer> {
  const server: Server =
    certificate === undefined ? createHttpServer(handler) : createHttpsServer({ key: certificate.key, cert: certificate.cert }, handler);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** What makes each of `hosts` a site of the internet that the page server of that port serves. */
function siteArguments(hosts: Readonly<Record<string, number>>): string[] {
  const rules = Object.entries(hosts).map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`);
  const overrides = Object.values(hosts).map((port) => `127.0.0.1:${port}=public`);
  return ['--ignore-certificate-errors', `--host-resolver-rules=${rules.join(',')}`, `--ip-address-space-overrides=${overrides.join(',')}`];
}

export async function launchChromium(hosts: Readonly<Record<string, number>>): Promise<Browser> {
  return chromium.launch({ executablePath: await findChromium(), args: [...browserArguments(), ...siteArguments(hosts)] });
}

/** With a user's profile that allows cookies of other sites, which the private windows of `launchChromium` block, and some builds by default. */
export function launchProfile(hosts: Readonly<Record<string, number>>): Promise<BrowserContext> {
  return launchProfileWith(siteArguments(hosts));
}

/** The same with the arguments of a test's own. */
export async function launchProfileWith(args: readonly string[]): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), 'srs-profile-'));
  const preferences = { profile: { block_third_party_cookies: false, cookie_controls_mode: 0 } };
  await mkdir(join(profile, 'Default'));
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: await findChromium(),
    args: [...browserArguments(), ...args],
  });
  context.once('close', () => void rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  return context;
}

/**
 * What the user, or a policy, has decided about reaching this computer. Playwright itself does not know the permission's name. Holds as long as
 * the context's first page: the browser takes it back when the session that set it ends.
 */
export async function decideLoopback(context: BrowserContext, origin: string, setting: 'granted' | 'denied' | 'prompt'): Promise<void> {
  const page = context.pages()[0] ?? (await context.newPage());
  const session = await context.newCDPSession(page);
  const { targetInfo } = (await session.send('Target.getTargetInfo')) as { targetInfo: { browserContextId?: string } };
  const decide = (where: { browserContextId?: string }): Promise<unknown> =>
    session.send('Browser.setPermission' as never, { permission: { name: 'loopback-network' }, setting, origin, ...where } as never);
  const { browserContextId } = targetInfo;
  // A profile of its own is the browser's default context, which some versions do not find by its id.
  await (browserContextId === undefined ? decide({}) : decide({ browserContextId }).catch(() => decide({})));
}
