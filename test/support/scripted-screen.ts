import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startVirtualDisplay, type VirtualDisplay } from '../../src/headless/virtual-display';

const run = promisify(execFile);

/** A display of its own whose whole picture is one colour, changed at known times. */
export class ScriptedScreen {
  readonly #server: VirtualDisplay;

  private constructor(server: VirtualDisplay) {
    this.#server = server;
  }

  static async start(size = '1280x720'): Promise<ScriptedScreen> {
    return new ScriptedScreen(await startVirtualDisplay({ size }));
  }

  get display(): string {
    return this.#server.display;
  }

  /** Resolves with the epoch milliseconds at which the colour was on the screen. */
  async show(colour: string): Promise<number> {
    await run('xsetroot', ['-display', this.display, '-solid', colour]);
    return Date.now();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }
}
