import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page, type Route } from 'playwright-core';
import { createProfile, removeProfile } from './browser-profile';
import { browserArguments, isRoot } from './find-chromium';

/** `getDisplayMedia` wants a secure origin. Nothing is ever asked of this host: every request is answered from the folder. */
const ORIGIN = 'https://capture.srs.invalid';
const FILES: Readonly<Record<string, string>> = { '/index.html': 'text/html', '/index.js': 'text/javascript' };

const FLAGS = ['--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows', '--disable-renderer-backgrounding'];

export interface BrowserWindowOptions {
  readonly executablePath: string;
  /** The folder that holds `capture/index.html`. */
  readonly pagesDirectory: string;
  readonly display: string | undefined;
  /** What Chromium calls the source that is captured, such as `Entire screen`. */
  readonly sourceName: string;
  onMessage(message: unknown): void;
  onGone(reason: string): void;
}

/** One Chromium process that shows the capture page, without a window. */
export class BrowserWindow {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly #profile: string;
  #closing: Promise<void> | undefined;

  private constructor(context: BrowserContext, page: Page, profile: string) {
    this.#context = context;
    this.page = page;
    this.#profile = profile;
  }

  static async open(options: BrowserWindowOptions): Promise<BrowserWindow> {
    const profile = await createProfile();
    let context: BrowserContext | undefined;
    try {
      context = await chromium.launchPersistentContext(profile, {
        executablePath: options.executablePath,
        // No window, no bar "… is sharing your screen" in the picture; the X screen is captured all the same.
        headless: true,
        chromiumSandbox: !isRoot(),
        viewport: null,
        args: [...browserArguments(), ...FLAGS, `--auto-select-desktop-capture-source=${options.sourceName}`],
        env: environment(options.display),
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
      });
      const page = context.pages()[0] ?? (await context.newPage());
      const window = new BrowserWindow(context, page, profile);
      await window.#load(options);
      return window;
    } catch (error) {
      await context?.close().catch(() => undefined); // it may be what failed
      await removeProfile(profile);
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#context.close().catch(() => undefined); // crashed before
    await removeProfile(this.#profile);
  }

  async #load({ pagesDirectory, onMessage, onGone }: BrowserWindowOptions): Promise<void> {
    const tellGone = (reason: string): void => {
      if (this.#closing === undefined) onGone(reason);
    };
    this.page.on('crash', () => tellGone('The capture page crashed'));
    this.#context.on('close', () => tellGone('The capture browser ended'));
    await this.#context.route('**/*', (route) => serve(route, join(pagesDirectory, 'capture')));
    await this.page.exposeBinding('srsCaptureEmit', (_source, message: unknown) => onMessage(withBytes(message)));
    await this.page.addInitScript(() => {
      const emit = Reflect.get(globalThis, 'srsCaptureEmit') as (message: unknown) => void;
      const bridge = {
        emit: (message: { bytes?: { toBase64(): string } }): void => {
          emit(message.bytes === undefined ? message : { ...message, bytes: message.bytes.toBase64() });
        },
      };
      Reflect.set(globalThis, 'srsCaptureHost', bridge);
    });
    await this.page.goto(`${ORIGIN}/index.html`);
  }
}

/** The binding carries JSON only: bytes come as base64. */
function withBytes(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return message;
  const { bytes } = message as { bytes?: unknown };
  return typeof bytes === 'string' ? { ...message, bytes: new Uint8Array(Buffer.from(bytes, 'base64')) } : message;
}

async function serve(route: Route, directory: string): Promise<void> {
  const url = new URL(route.request().url());
  const contentType = url.origin === ORIGIN ? FILES[url.pathname] : undefined;
  if (contentType === undefined) await route.abort('blockedbyclient');
  else await route.fulfill({ contentType, body: await readFile(join(directory, url.pathname)) });
}

function environment(display: string | undefined): Record<string, string> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(own), ...(display === undefined ? {} : { DISPLAY: display }) };
}
