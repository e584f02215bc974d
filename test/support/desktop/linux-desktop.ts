import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startVirtualDisplay, type VirtualDisplay } from '../../../src/headless/virtual-display';
import { ORDINARY_ACCOUNT, type Account } from '../accounts';
import { until } from '../until';
import { findIcon, type FoundIcon } from './find-icon';
import { PANEL_HEIGHT, writeDesktopSettings } from './panel-settings';
import { readLines, type ScreenLine } from './read-screen';
import { changedArea, ScreenPicture, takePicture, type Area } from './screen-picture';
import { SessionBus } from './session-bus';

const run = promisify(execFile);

/**
 * Window manager, notices, panel with its tray, password store; on a session bus of their own. It lasts until its standard input closes, so
 * that it ends with this process however that ends.
 */
const SESSION = `
openbox >/dev/null 2>&1 &
dunst >/dev/null 2>&1 &
xfce4-panel --disable-wm-check >/dev/null 2>&1 &
printf 'test\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null
echo "$DBUS_SESSION_BUS_ADDRESS"
cat >/dev/null
kill $(jobs -p)
`;
const NAMES = ['org.freedesktop.Notifications', 'org.kde.StatusNotifierWatcher', 'org.freedesktop.secrets'];

const XDOTOOL_DEADLINE_MS = 5_000;
/** From a click to what comes of it. */
const APPEARANCE_MS = 10_000;

export interface LinuxDesktopOptions {
  /** Pixels. */
  readonly size?: string;
  /** Whose desktop it is: the session's bus serves nobody else. */
  readonly account?: Account;
}

export interface ToldNotice {
  readonly title: string;
  readonly text: string;
}

/** A desktop as an agent has it, on an X server of its own: tests see and click what is on its screen. */
export class LinuxDesktop {
  readonly account: Account;
  readonly display: string;
  readonly bus: SessionBus;
  /** What a program needs to run on it. */
  readonly environment: NodeJS.ProcessEnv;
  /** The account's home folder, removed with the desktop. */
  readonly home: string;
  readonly #server: VirtualDisplay;
  readonly #session: ChildProcessWithoutNullStreams;

  private constructor(account: Account, home: string, server: VirtualDisplay, session: ChildProcessWithoutNullStreams, address: string) {
    this.account = account;
    this.display = server.display;
    this.environment = { ...environmentOf(home, server.display), DBUS_SESSION_BUS_ADDRESS: address };
    this.bus = new SessionBus(account, this.environment);
    this.home = home;
    this.#server = server;
    this.#session = session;
  }

  /** Resolves when tray, notices and password store are there. */
  static async start({ size = '1280x720', account = ORDINARY_ACCOUNT }: LinuxDesktopOptions = {}): Promise<LinuxDesktop> {
    const home = await mkdtemp(join(tmpdir(), 'srs-desktop-'));
    await mkdir(join(home, 'run'), { mode: 0o700 });
    await writeDesktopSettings(home, join(home, 'notices'));
    await giveTo(account, home);
    const server = await startVirtualDisplay({ size });
    const words = [...account.via, 'dbus-run-session', '--', 'sh', '-c', SESSION];
    const session = spawn(words[0]!, words.slice(1), { env: environmentOf(home, server.display), cwd: '/' });
    const desktop = new LinuxDesktop(account, home, server, session, await busAddress(session));
    await until('the desktop', async () => (await Promise.all(NAMES.map((name) => desktop.bus.hasName(name)))).every(Boolean));
    return desktop;
  }

  picture(): Promise<ScreenPicture> {
    return takePicture(this.display);
  }

  /** The product's icon in the tray, as it is on the screen. */
  async icon(): Promise<FoundIcon | undefined> {
    const picture = await this.picture();
    return findIcon(picture, { x: 0, y: picture.height - PANEL_HEIGHT, width: picture.width, height: PANEL_HEIGHT });
  }

  /**
   * Does something, and waits until a line of that text stands in what has changed on the screen since. The panel does not count. Does it again
   * when nothing comes of it: a menu that is set anew closes under the pointer.
   */
  async lineAfter(text: RegExp, action: () => Promise<unknown>): Promise<ScreenLine> {
    const before = await this.picture();
    let read: readonly ScreenLine[] = [];
    const found = async (): Promise<ScreenLine | undefined> => {
      const now = await this.picture();
      const area = changedArea(above(before), above(now));
      read = area === undefined ? [] : await readLines(now, area);
      return read.find((line) => text.test(line.text));
    };
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await action();
      const line = await until('the line', found, APPEARANCE_MS).catch(() => undefined);
      if (line !== undefined) return line;
      await this.#xdotool('key', 'Escape');
    }
    throw new Error(`"${text.source}" is not on the screen, but: ${read.map((line) => line.text).join(' | ')}`);
  }

  /** @param button 1 is the left one, 3 the right one */
  async click({ x, y, width, height }: Area, button: 1 | 3 = 1): Promise<void> {
    const [across, down] = [Math.round(x + width / 2), Math.round(y + height / 2)];
    // Off first: a pointer that already rests there causes no event that it came.
    await this.#xdotool('mousemove', '1', '1', 'mousemove', String(across), String(down), 'click', String(button));
  }

  /** What the window manager knows of the window with that title: one of its properties, as xprop shows it. */
  async windowProperty(title: string, property: string): Promise<string> {
    const [id = ''] = (await this.#xdotool('search', '--onlyvisible', '--name', title)).split('\n');
    const { stdout } = await run('xprop', ['-id', id, '-len', '8', '-notype', property], { env: this.environment });
    return stdout;
  }

  /** As its user does, with the keyboard. Resolves when it is gone. @param title a part of what its title bar says */
  async closeWindow(title: string): Promise<void> {
    await until(`the window "${title}" to be closed`, async () => {
      const windows = await this.#xdotool('search', '--onlyvisible', '--name', title).catch(() => ''); // exit code 1: none
      const [id] = windows.split('\n').filter((line) => line !== '');
      if (id === undefined) return true;
      // It may be gone by now.
      await this.#xdotool('windowactivate', '--sync', id, 'key', 'alt+F4').catch(() => undefined);
      return false;
    });
  }

  /** Opens the icon's menu with the right mouse button and clicks an entry of it. */
  async choose(...labels: readonly RegExp[]): Promise<void> {
    // Looked for at every try: the tray may have moved it.
    let open = async (): Promise<void> => this.click(await until('the icon in the tray', () => this.icon()), 3);
    for (const label of labels) {
      const line = await this.lineAfter(label, open);
      open = () => this.click(line);
    }
    await open();
  }

  /** Every notice that was shown so far. */
  async notices(): Promise<readonly ToldNotice[]> {
    const file = await readFile(join(this.home, 'notices'), 'utf8').catch(() => ''); // none yet
    return file
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [title = '', text = ''] = line.split('\t');
        return { title, text };
      });
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#session.once('exit', resolve));
    if (this.#session.exitCode === null) {
      this.#session.stdin.end();
      await ended;
    }
    await this.#server.stop();
    await rm(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #xdotool(...words: readonly string[]): Promise<string> {
    const { stdout } = await run('xdotool', words, { env: this.environment, timeout: XDOTOOL_DEADLINE_MS });
    return stdout;
  }
}

/** Without the panel. */
function above({ width, height, rgb }: ScreenPicture): ScreenPicture {
  const rows = height - PANEL_HEIGHT;
  return new ScreenPicture(width, rows, rgb.subarray(0, rows * width * 3));
}

function busAddress(session: ChildProcessWithoutNullStreams): Promise<string> {
  let errors = '';
  session.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  return new Promise((resolve, reject) => {
    session.once('error', reject);
    session.once('exit', () => reject(new Error(`the desktop did not start: ${errors}`)));
    session.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
}

function environmentOf(home: string, display: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    HOME: home,
    DISPLAY: display,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_RUNTIME_DIR: join(home, 'run'),
    // The accessibility bus would be started for every program of GTK.
    NO_AT_BRIDGE: '1',
  };
}

/** A folder and everything in it. */
export async function giveTo({ uid }: Account, folder: string): Promise<void> {
  if (uid === undefined) return;
  await chown(folder, uid, uid);
  for (const name of await readdir(folder, { recursive: true })) await chown(join(folder, name), uid, uid);
}
