import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { AppError } from '../shared/errors';

interface Places {
  /** Looked at first. Only administrators write there. */
  readonly files: readonly string[];
  /** Then these in the folders of PATH. */
  readonly names: readonly string[];
}

/** On Windows a path such as `/usr/bin` would be a folder of the drive, which anybody may make. */
function placesOf(platform: NodeJS.Platform): Places {
  if (platform === 'win32') {
    const programs = ['C:\\Program Files', 'C:\\Program Files (x86)'];
    const parts = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
    return {
      files: parts.flatMap((part) => programs.map((folder) => `${folder}\\${part}`)),
      names: ['chrome.exe', 'chromium.exe', 'msedge.exe'],
    };
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
  if (platform === 'darwin') return { files: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'], names };
  return { files: ['/usr/bin/chromium', '/usr/bin/google-chrome'], names };
}

/**
 * The browser that shows the capture page: `CHROME_PATH`, the system's Chromium or Chrome, then Playwright's own.
 * Throws `AppError` `dependencyMissing` when there is none.
 */
export async function findChromium(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = env['CHROME_PATH'];
  if (named) {
    if (isExecutable(named)) return named;
    throw new AppError('dependencyMissing', 'CHROME_PATH names no program that can be started. Correct it, or unset it.');
  }
  const { files, names } = placesOf(process.platform);
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [...files, ...onPath].find(isExecutable) ?? (await playwrightsOwn());
  if (found !== undefined) return found;
  throw new AppError(
    'dependencyMissing',
    'No Chromium was found, which captures the screen. Install chromium or Google Chrome, or set CHROME_PATH.',
  );
}

/** What every browser this program starts is given: it is no person's browser, and asks nothing of the network. */
export function browserArguments(): string[] {
  return [
    '--no-first-run',
    '--disable-gpu',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--password-store=basic',
    ...(isRoot() ? ['--no-sandbox'] : []),
  ];
}

/** Chromium's sandbox refuses to run as root. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function playwrightsOwn(): Promise<string | undefined> {
  try {
    const { chromium } = await import('playwright-core');
    const own = chromium.executablePath();
    return isExecutable(own) ? own : undefined;
  } catch {
    return undefined; // Playwright knows no build for this system
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
