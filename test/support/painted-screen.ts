import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startVirtualDisplay, type VirtualDisplay } from '../../src/headless/virtual-display';
import { XConnection } from '../../src/x11/x-connection';
import type { DisplayGeometry } from '../../src/shared/display';

const run = promisify(execFile);
const CREATE_GC = 55;
const CHANGE_GC = 56;
const FILL_RECTANGLES = 70;
const GET_GEOMETRY = 14;
const FOREGROUND = 4;

export const RED = 0xc02020;
export const GREEN = 0x20a020;
export const BLUE = 0x2030c0;

/** An X server of its own on which a test paints rectangles and sets monitors, and knows when they were on the screen. */
export class PaintedScreen {
  readonly #server: Pick<VirtualDisplay, 'display' | 'stop'>;
  readonly #x: XConnection;

  private constructor(server: Pick<VirtualDisplay, 'display' | 'stop'>, x: XConnection) {
    this.#server = server;
    this.#x = x;
  }

  static async start(size = '1280x720'): Promise<PaintedScreen> {
    return PaintedScreen.#connect(await startVirtualDisplay({ size }));
  }

  /** A server that somebody else started, and stops. */
  static on(display: string): Promise<PaintedScreen> {
    return PaintedScreen.#connect({ display, stop: async () => undefined });
  }

  static async #connect(server: Pick<VirtualDisplay, 'display' | 'stop'>): Promise<PaintedScreen> {
    const x = await XConnection.open(server.display, { onEvent: () => undefined, onLost: () => undefined });
    x.send(CREATE_GC, 0, words(x.resourceIdBase, x.root, 0));
    return new PaintedScreen(server, x);
  }

  get display(): string {
    return this.#server.display;
  }

  /** Resolves with the epoch milliseconds at which it was on the screen. */
  async paint(colour: number, { x, y, width, height }: DisplayGeometry): Promise<number> {
    const gc = this.#x.resourceIdBase;
    this.#x.send(CHANGE_GC, 0, words(gc, FOREGROUND, colour));
    const area = Buffer.alloc(8);
    [x, y, width, height].forEach((value, index) => area.writeUInt16LE(value, index * 2));
    this.#x.send(FILL_RECTANGLES, 0, Buffer.concat([words(this.#x.root, gc), area]));
    await this.#x.request(GET_GEOMETRY, 0, words(this.#x.root));
    return Date.now();
  }

  /** Two monitors side by side instead of one. */
  async split(width: number, height: number): Promise<void> {
    const half = width / 2;
    await this.#xrandr('--setmonitor', 'L', `${half}/300x${height}/200+0+0`, 'screen');
    await this.#xrandr('--setmonitor', 'R', `${half}/300x${height}/200+${half}+0`, 'none');
  }

  /** Its one monitor under another name. */
  async name(name: string, { width, height }: DisplayGeometry): Promise<void> {
    await this.#xrandr('--setmonitor', name, `${width}/300x${height}/200+0+0`, 'screen');
  }

  /** Another mode of the one output: turned, or with other pixels. Within the size the server began with. */
  async resize(width: number, height: number): Promise<void> {
    const mode = `${width}x${height}`;
    const timings = [width, height].flatMap((pixels) => Array.from({ length: 4 }, () => String(pixels)));
    await this.#xrandr('--newmode', mode, '60', ...timings);
    await this.#xrandr('--addmode', 'screen', mode);
    await this.#xrandr('--output', 'screen', '--mode', mode);
  }

  async stop(): Promise<void> {
    this.#x.close();
    await this.#server.stop();
  }

  async #xrandr(...args: readonly string[]): Promise<void> {
    await run('xrandr', ['-display', this.display, ...args]);
  }
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32LE(value >>> 0, index * 4));
  return bytes;
}
