import type { DisplayGeometry } from '../../src/shared/display';
import type { ScriptedWindows } from './scripted-windows';

/** Far from every other colour on the screen, and from their mixtures. */
export const SECRET = 0xff00ff;
const PLAIN = [0x00b000, 0xe0e000, 0xffffff, 0x003000];

interface Screen {
  readonly width: number;
  readonly height: number;
}

interface Open {
  readonly id: number;
  readonly isSecretClient: boolean;
  isSecret: boolean;
}

export interface WindowScriptOptions {
  /** The client whose windows of the secret colour have a title with "secret", and the one whose windows lie among them. */
  readonly secret: ScriptedWindows;
  readonly other: ScriptedWindows;
  readonly screen: Screen;
  readonly seed: number;
}

/** Windows that open, move, change and close at random. A window shows the secret colour only while its title, or its owner's, says so. */
export class WindowScript {
  readonly #options: WindowScriptOptions;
  readonly #random: () => number;
  #windows: Open[] = [];
  #titles = 0;

  constructor(options: WindowScriptOptions) {
    this.#options = options;
    this.#random = randomNumbers(options.seed);
  }

  /** @param ms how long, by the computer's clock */
  async run(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      await this.#step();
      // Steps in a row at times, at others so long that the window manager and a few frames come in between.
      const pause = this.#random() < 0.4 ? 0 : this.#random() * 250;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  async #step(): Promise<void> {
    const { secret, other } = this.#options;
    const window = this.#windows[Math.floor(this.#random() * this.#windows.length)];
    const client = window?.isSecretClient ? secret : other;
    if (window === undefined || (this.#windows.length < 8 && this.#random() < 0.15)) return this.#open();
    const { id } = window;
    const acts: readonly (() => Promise<unknown>)[] = [
      () => client.place(id, this.#area()),
      () => client.place(id, this.#area()),
      () => this.#drag(client, id),
      () => client.raise(id),
      () => client.lower(id),
      () => client.restore(id),
      () => client.iconify(id),
      () => client.restore(id),
      () => client.fullScreen(id, this.#random() < 0.4),
      () => this.#retitle(window),
      () => this.#menu(window),
      () => this.#close(window, client),
    ];
    await acts[Math.floor(this.#random() * acts.length)]!();
  }

  async #open(): Promise<void> {
    const { secret, other } = this.#options;
    const isSecret = this.#random() < 0.4;
    const colour = isSecret ? SECRET : this.#plain();
    const wish = { colour, area: this.#area(), title: this.#title(isSecret), application: isSecret ? 'vault' : 'neighbour' };
    this.#windows.push({ id: await (isSecret ? secret : other).show(wish), isSecretClient: isSecret, isSecret });
  }

  async #drag(client: ScriptedWindows, id: number): Promise<void> {
    const { x, y } = this.#area();
    const steps = 3 + Math.floor(this.#random() * 20);
    for (let step = 0; step < steps; step += 1) {
      await client.place(id, { x: x + step * 9, y: y + step * 5 });
      if (step % 3 === 0) await new Promise((resolve) => setTimeout(resolve, this.#random() * 30));
    }
  }

  /** The title first, then what it stands for; and the other way round when that is over. */
  async #retitle(window: Open): Promise<void> {
    const { secret, other } = this.#options;
    if (!window.isSecretClient) return other.retitle(window.id, this.#title(false));
    window.isSecret = !window.isSecret;
    if (window.isSecret) {
      await secret.retitle(window.id, this.#title(true));
      await secret.paint(window.id, SECRET);
    } else {
      await secret.paint(window.id, this.#plain());
      await secret.retitle(window.id, this.#title(false));
    }
  }

  async #menu({ id, isSecretClient, isSecret }: Open): Promise<void> {
    const client = isSecretClient ? this.#options.secret : this.#options.other;
    const area = { ...this.#area(), width: 90, height: 60 };
    const menu = await client.show({ colour: isSecret ? SECRET : this.#plain(), area, isOverride: true, transientFor: id });
    await new Promise((resolve) => setTimeout(resolve, this.#random() * 400));
    await client.remove(menu);
  }

  async #close(window: Open, client: ScriptedWindows): Promise<void> {
    this.#windows = this.#windows.filter((one) => one !== window);
    await client.remove(window.id);
  }

  #title(isSecret: boolean): string {
    return `${isSecret ? 'A Secret file' : 'A file'} ${(this.#titles += 1)}`;
  }

  #plain(): number {
    return PLAIN[Math.floor(this.#random() * PLAIN.length)]!;
  }

  #area(): DisplayGeometry {
    const { width, height } = this.#options.screen;
    const some = (least: number, most: number): number => Math.floor(least + this.#random() * (most - least));
    return { x: some(-80, width - 60), y: some(-40, height - 60), width: some(40, width / 2), height: some(30, height / 2) };
  }
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
