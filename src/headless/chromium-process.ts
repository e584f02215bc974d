import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, CDPSession, Page, Route } from 'playwright-core';
import { englishEnvironment } from '../lib/english-environment';
import { describeError } from '../shared/errors';
import { omitUndefined } from '../shared/omit-undefined';
import type { BrowserProfiles } from './browser-profile';
import { browserArguments, isRoot } from './find-chromium';

/** `getDisplayMedia` wants a secure origin. Nothing is ever asked of this host: every request is answered from the folder. */
const ORIGIN = 'https://capture.srs.invalid';
const FILES: Readonly<Record<string, string>> = { '/index.html': 'text/html', '/index.js': 'text/javascript' };

const BINDING = 'srsCaptureEmit';
/** Windows and macOS have no such variable for its language. */
const FLAGS = [
  '--lang=en-US',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

export interface ChromiumProcessOptions {
  readonly executablePath: string;
  /** The folder that holds `capture/index.html`. */
  readonly pagesDirectory: string;
  readonly profiles: BrowserProfiles;
  readonly display: string | undefined;
  /** What Chromium calls the source that is captured, such as `Entire screen`. */
  readonly sourceName: string;
  onMessage(message: unknown): void;
  onGone(reason: string): void;
}

/**
 * One Chromium process that shows the capture page, without a window. Calls and messages go over one DevTools session: what the page
 * emitted before it answered arrives before the answer, and a message costs a fraction of what one of Playwright's bindings does.
 */
export class ChromiumProcess {
  readonly #page: Page;
  readonly #devTools: CDPSession;
  readonly #context: BrowserContext;
  readonly #removeProfile: () => Promise<void>;
  /** Rejects when the page is gone: a crashed one never answers. */
  readonly #gone: Promise<never>;
  #closing: Promise<void> | undefined;

  private constructor(
    context: BrowserContext,
    { page, devTools }: { page: Page; devTools: CDPSession },
    removeProfile: () => Promise<void>,
  ) {
    this.#context = context;
    this.#page = page;
    this.#devTools = devTools;
    this.#removeProfile = removeProfile;
    this.#gone = new Promise((_resolve, reject) => {
      page.on('crash', () => reject(new Error('The capture page crashed')));
      context.on('close', () => reject(new Error('The capture browser ended')));
    });
    this.#gone.catch(() => undefined); // nobody may be waiting
  }

  static async open(options: ChromiumProcessOptions): Promise<ChromiumProcess> {
    const profile = await options.profiles.create();
    let context: BrowserContext | undefined;
    try {
      const { chromium } = await import('playwright-core'); // it takes a quarter of a second, and the API need not wait for it
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
      const chromiumProcess = new ChromiumProcess(context, { page, devTools: await context.newCDPSession(page) }, () =>
        options.profiles.remove(profile),
      );
      await chromiumProcess.#load(options);
      return chromiumProcess;
    } catch (error) {
      await context?.close().catch(() => undefined); // it may be what failed
      await options.profiles.remove(profile);
      throw error;
    }
  }

  /** The value of an expression in the page, awaited; run with a user gesture. Rejects with what it threw. */
  async evaluate(expression: string): Promise<unknown> {
    const answer = this.#devTools.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true, userGesture: true });
    answer.catch(() => undefined); // it may fail after the page is gone, which is told first
    const { result, exceptionDetails } = await Promise.race([answer, this.#gone]);
    if (exceptionDetails !== undefined) throw new Error(textOf(exceptionDetails));
    return result.value;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#context.close().catch(() => undefined); // crashed before
    await this.#removeProfile();
  }

  async #load({ pagesDirectory, onMessage, onGone }: ChromiumProcessOptions): Promise<void> {
    this.#gone.catch((reason: unknown) => {
      if (this.#closing === undefined) onGone(describeError(reason));
    });
    await this.#context.route('**/*', (route) => serve(route, join(pagesDirectory, 'capture')));
    this.#devTools.on('Runtime.bindingCalled', ({ name, payload }) => {
      if (name === BINDING) onMessage(parseMessage(payload));
    });
    await this.#devTools.send('Runtime.enable');
    await this.#devTools.send('Runtime.addBinding', { name: BINDING });
    await this.#page.addInitScript((binding) => {
      const emit = Reflect.get(globalThis, binding) as (text: string) => void;
      const bridge = {
        emit: (message: { bytes?: { toBase64(): string } }): void => {
          emit(JSON.stringify(message.bytes === undefined ? message : { ...message, bytes: message.bytes.toBase64() }));
        },
      };
      Reflect.set(globalThis, 'srsCaptureHost', bridge);
    }, BINDING);
    await this.#page.goto(`${ORIGIN}/index.html`);
  }
}

/** What was thrown, without the stack. */
function textOf({ text, exception }: { readonly text: string; readonly exception?: { readonly description?: string } }): string {
  return exception?.description?.split('\n    at ')[0] ?? text;
}

/** The binding carries a text: bytes come as base64. */
function parseMessage(payload: string): unknown {
  const message: unknown = JSON.parse(payload);
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

/**
 * Its sources have titles in its language, and are chosen by them. In a Wayland session it would ask the compositor, and through it a person,
 * instead of recording the X display.
 */
function environment(display: string | undefined): Record<string, string> {
  const { WAYLAND_DISPLAY: _display, XDG_SESSION_TYPE: _type, ...env } = englishEnvironment();
  return { ...env, ...omitUndefined({ DISPLAY: display }) };
}
