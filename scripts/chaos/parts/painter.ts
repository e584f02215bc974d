import type { PaintedScreen } from '../../../test/support/painted-screen';

const EVERY_MS = 700;
const LEVELS = [20, 128, 235];
const WHOLE_SCREEN = { x: 0, y: 0, width: 1280, height: 720 };
/** So many, and so far from each other and from black, that a frame says when it was taken. */
const COLOURS = LEVELS.flatMap((red) => LEVELS.flatMap((green) => LEVELS.map((blue) => (red << 16) | (green << 8) | blue))).slice(1);

/** Another colour on the whole screen, again and again. */
export class Painter {
  readonly #screen: PaintedScreen;
  readonly #painted: { readonly at: number; readonly colour: number }[] = [];
  #isOver = false;
  #painting: Promise<void> | undefined;

  constructor(screen: PaintedScreen) {
    this.#screen = screen;
  }

  get painted(): readonly { readonly at: number; readonly colour: number }[] {
    return this.#painted;
  }

  start(): void {
    this.#painting ??= this.#paint();
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#painting;
  }

  async #paint(): Promise<void> {
    for (let turn = 0; !this.#isOver; turn += 1) {
      const colour = COLOURS[(turn * 7) % COLOURS.length] ?? 0;
      this.#painted.push({ at: await this.#screen.paint(colour, WHOLE_SCREEN), colour });
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}
