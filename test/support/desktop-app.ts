import type { ChildProcess } from 'node:child_process';
import { build } from 'esbuild';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { Observed } from '../electron/fixtures/observe';
import { until } from './until';

export const ROOT = resolve(__dirname, '..', '..');

/** What is in `observed` besides its functions. */
export type Observation = Omit<Observed, 'click' | 'clickTray'>;

/** Bundles the scripted application, its pages and the observer into a folder of its own. */
export async function buildScriptedApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'srs-app-'));
  const shared = { absWorkingDir: ROOT, bundle: true, logLevel: 'warning' as const };
  // As in scripts/build.mjs.
  const alias = { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' };
  const node = { ...shared, platform: 'node' as const, format: 'cjs' as const, external: ['electron'], alias };
  await Promise.all([
    build({
      ...node,
      entryPoints: { main: 'test/electron/fixtures/scripted-main.ts', observe: 'test/electron/fixtures/observe.ts' },
      outdir: folder,
    }),
    build({ ...node, entryPoints: ['src/preload/window.ts', 'src/preload/capture.ts'], outdir: join(folder, 'preload') }),
    buildPage('renderer', 'src/renderer', ['index.html', 'index.css']),
    buildPage('capture', 'src/capture-page', ['index.html']),
  ]);
  return folder;

  async function buildPage(name: string, from: string, files: readonly string[]): Promise<void> {
    const target = join(folder, name);
    await mkdir(target);
    await build({ ...shared, entryPoints: [`${from}/index.ts`], outfile: join(target, 'index.js'), format: 'iife' });
    for (const file of files) await cp(join(ROOT, from, file), join(target, file));
  }
}

export interface LaunchOptions {
  /** What `buildScriptedApp` made, for the observer. */
  readonly folder: string;
  /** The application to run; the scripted one unless named. */
  readonly main?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The machine's configuration (`--config`); `null` for none. */
  readonly config?: Readonly<Record<string, unknown>> | null;
}

/** The running application of a test, with a home of its own. */
export class LaunchedDesktop {
  readonly app: ElectronApplication;
  readonly home: string;
  /** Everything the process wrote to stderr. */
  readonly errors: () => string;
  /** Resolves with the exit code when the program has ended. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(app: ElectronApplication, home: string, errors: () => string) {
    this.app = app;
    this.home = home;
    this.errors = errors;
    this.#child = app.process();
    this.exited = new Promise((resolve) => this.#child.once('exit', resolve));
  }

  /** For another process that is to find the same folders. */
  get variables(): Readonly<Record<string, string>> {
    return homeVariables(this.home);
  }

  get dataDirectory(): string {
    return join(this.home, 'data', 'screen-recording-service');
  }

  observed(): Promise<Observation> {
    return this.app.evaluate(() => {
      const { click, clickTray, ...observation } = globalThis.observed;
      void [click, clickTray];
      return observation;
    });
  }

  /** Labels of the tray's menu, separators as `-`. */
  async menuLabels(): Promise<readonly string[]> {
    const { menu } = await this.observed();
    return menu.map(({ type, label }) => (type === 'separator' ? '-' : label));
  }

  click(...labels: readonly string[]): Promise<void> {
    return this.app.evaluate((_electron, path) => globalThis.observed.click(...path), labels);
  }

  /** Opens the status window from the tray and waits until it shows something. */
  async openStatus(): Promise<Page> {
    const opened = this.app.waitForEvent('window', { predicate: (page) => page.url().startsWith('srs://window/') });
    await this.click('Show status');
    const page = await opened;
    await page.locator('h1').waitFor();
    return page;
  }

  async close(): Promise<void> {
    // Not `app.close()`: that asks to quit, which the application may refuse.
    if (this.#child.exitCode === null) this.#child.kill('SIGTERM');
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.exited;
    clearTimeout(patience);
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

export async function launchDesktop({ folder, main, args = [], env = {}, config = {} }: LaunchOptions): Promise<LaunchedDesktop> {
  const home = await mkdtemp(join(tmpdir(), 'srs-home-'));
  const configFile = join(home, 'config.json');
  if (config !== null) await writeFile(configFile, JSON.stringify(config));
  const app = await _electron.launch({
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), // Chromium refuses its sandbox to root
      '-r',
      join(folder, 'observe.js'),
      main ?? join(folder, 'main.js'),
      '--lang=en',
      ...(config === null ? [] : ['--config', configFile]),
      ...args,
    ],
    cwd: ROOT,
    env: { ...withoutUndefined(process.env), ...homeVariables(home), ...env },
  });
  let errors = '';
  app.process().stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const desktop = new LaunchedDesktop(app, home, () => errors);
  await until('the tray', async () => (await desktop.observed()).isTrayShown);
  return desktop;
}

/** Every folder the program could write to, on any system, below one that the test removes. */
function homeVariables(home: string): Record<string, string> {
  return {
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    LOCALAPPDATA: join(home, 'data'),
    SRS_CREDENTIAL_STORE: 'memory',
  };
}

function withoutUndefined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
