import { lookup } from 'node:dns/promises';
import { access, constants, stat, statfs } from 'node:fs/promises';
import type { SystemProxy } from '../lib/system-proxy';
import type { OpenVisibleWindows } from '../masks/ports';
import { ownXDisplay } from '../x11/let-rest';
import { windowsOf } from '../x11/open-windows';

/** What the doctor asks of the computer, so that a test can plant a fault. */
export interface ExaminedMachine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds. */
  now(): number;
  /** Rejects with the system's error unless it is a folder that this user can read and write. */
  openFolder(path: string): Promise<void>;
  /** Bytes that this user can still write. */
  freeBytes(folder: string): Promise<number>;
  /** The addresses of a host. Rejects with the system's error. */
  resolveName(hostname: string): Promise<readonly string[]>;
  /** The windows of the screen. */
  readonly windows: OpenVisibleWindows;
  /** Absent where the system cannot be asked for its proxies: outside the application. */
  readonly systemProxy?: SystemProxy;
  /** The browser that the headless service needs: its path, or an error that says what to do. Absent where none is needed. */
  readonly findBrowser?: () => Promise<string>;
  /** Whether the system starts the program at the next login. Absent where it is not installed. */
  readonly startsAtLogin?: () => Promise<boolean>;
}

/** The windows are an X display's. */
export function thisMachine(): ExaminedMachine {
  return {
    platform: process.platform,
    env: process.env,
    windows: windowsOf(ownXDisplay(process.platform, process.env)),
    now: () => Date.now(),
    openFolder: async (path) => {
      if (!(await stat(path)).isDirectory()) throw Object.assign(new Error('it is not a folder'), { code: 'ENOTDIR' });
      await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    },
    freeBytes: async (folder) => {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    resolveName: async (hostname) => (await lookup(hostname, { all: true })).map(({ address }) => address),
  };
}
