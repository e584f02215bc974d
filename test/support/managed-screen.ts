import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startVirtualDisplay, type VirtualDisplay } from '../../src/headless/virtual-display';
import { XWindowRequests } from '../../src/x11/x-window-requests';
import { XConnection } from '../../src/x11/x-connection';
import { ScriptedWindows } from './scripted-windows';
import { until } from './until';

/** Openbox leaves a request that it has read while it waited for an answer until something else comes. */
const WAKE_MANAGER_MS = 50;

/** An X server of its own with a window manager, and a client whose windows a test moves about. */
export class ManagedScreen {
  readonly windows: ScriptedWindows;
  readonly #server: VirtualDisplay;
  readonly #manager: ChildProcess;
  readonly #home: string;
  readonly #waking: NodeJS.Timeout;

  private constructor(server: VirtualDisplay, manager: ChildProcess, home: string, windows: ScriptedWindows) {
    this.#server = server;
    this.#manager = manager;
    this.#home = home;
    this.windows = windows;
    this.#waking = setInterval(() => void windows.wakeManager().catch(() => undefined), WAKE_MANAGER_MS); // the server is gone
  }

  static async start(size = '1280x720', manager: 'openbox' | 'icewm' = 'openbox'): Promise<ManagedScreen> {
    const server = await startVirtualDisplay({ size });
    const home = await mkdtemp(join(tmpdir(), 'srs-managed-'));
    const env = {
      PATH: process.env['PATH'],
      HOME: home,
      DISPLAY: server.display,
      LANG: 'C.UTF-8',
      XDG_CONFIG_HOME: home,
      XDG_CACHE_HOME: home,
    };
    const child = spawn(manager, [], { env, stdio: 'ignore' });
    await until('the window manager', () => hasManager(server.display));
    return new ManagedScreen(server, child, home, await ScriptedWindows.open(server.display));
  }

  get display(): string {
    return this.#server.display;
  }

  async stop(): Promise<void> {
    clearInterval(this.#waking);
    this.windows.close();
    const ended = new Promise((resolve) => this.#manager.once('exit', resolve));
    if (this.#manager.exitCode === null && this.#manager.kill()) await ended;
    await this.#server.stop();
    await rm(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function hasManager(display: string): Promise<boolean> {
  const x = await XConnection.open(display, { onEvent: () => undefined, onLost: () => undefined });
  try {
    const requests = await XWindowRequests.on(x);
    return (await requests.cardinals(x.root, '_NET_SUPPORTING_WM_CHECK')).length > 0;
  } finally {
    x.close();
  }
}
