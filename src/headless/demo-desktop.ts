import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readScreenImage } from '../x11/screen-image';
import { showDemoScreen, type DemoScreen } from './demo-screen';
import { encodePng } from './png';
import { useVirtualDisplay, type VirtualDisplay } from './virtual-display';

/** A desktop of the demo's own, for a computer that has no display: an Xvfb with a window manager, a tray and something that moves. */
export interface DemoDesktop {
  /** Such as `:99`. */
  readonly display: string;
  /** What it shows now, as PNG. */
  picture(): Promise<Buffer>;
  stop(): Promise<void>;
}

/** A task bar with the open windows, the tray and the clock; nothing to start programs with. */
const PREFERENCES = [
  'TaskBarShowWorkspaces=0',
  'TaskBarShowStartMenu=0',
  'TaskBarShowWindowListMenu=0',
  'TaskBarShowShowDesktopButton=0',
  'TaskBarShowCPUStatus=0',
  'TaskBarShowMEMStatus=0',
  'TaskBarShowNetStatus=0',
  'TaskBarShowMailboxStatus=0',
  'TaskBarShowAPMStatus=0',
  'TaskBarWorkspacesTop=0',
  'DesktopBackgroundColor="rgb:2b/3a/4a"',
].join('\n');
const STOP_TIMEOUT_MS = 3_000;

/** @param directory where the display's cookie, the window manager's settings and the browser's profile are; made for this run below it, and removed */
export async function startDemoDesktop(directory: string): Promise<DemoDesktop> {
  const display = await useVirtualDisplay(directory);
  let windows: WindowManager | undefined;
  let screen: DemoScreen | undefined;
  const stop = async (): Promise<void> => {
    await screen?.stop();
    await windows?.stop();
    await display.stop();
  };
  try {
    windows = await startWindowManager(display, directory);
    screen = await showDemoScreen(display.display, directory);
  } catch (error) {
    await stop();
    throw error;
  }
  return { display: display.display, picture: async () => encodePng(await readScreenImage(display.display)), stop };
}

interface WindowManager {
  stop(): Promise<void>;
}

/** Without IceWM the demo works too: windows have no frames then, and the tray has no place. */
async function startWindowManager({ display }: VirtualDisplay, directory: string): Promise<WindowManager> {
  const settings = await mkdtemp(join(directory, 'window-manager-'));
  await writeFile(join(settings, 'preferences'), `${PREFERENCES}\n`);
  await writeFile(join(settings, 'toolbar'), '');
  // Its own process group, like the display's: Ctrl+C in the terminal is for the demo.
  const child = spawn('icewm', [], { env: { ...process.env, DISPLAY: display, ICEWM_PRIVCFG: settings }, stdio: 'ignore', detached: true });
  const ended = new Promise<void>((resolve) => child.once('error', () => resolve()).once('exit', () => resolve()));
  return {
    async stop() {
      await end(child, ended);
      await rm(settings, { recursive: true, force: true });
    },
  };
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(impatience);
}
