import { randomBytes } from 'node:crypto';
import { words, XConnection } from '../../src/x11/x-connection';
import type { Area } from './desktop/screen-picture';

const OPEN_FONT = 45;
const CREATE_GC = 55;
const COPY_AREA = 62;
const IMAGE_TEXT = 76;
const GET_GEOMETRY = 14;
const [FOREGROUND, BACKGROUND, FONT] = [0x4, 0x8, 0x4000];
/** Every X server has it. */
const FONT_NAME = 'fixed';
export const LINE_HEIGHT = 14;
const MOST_CHARACTERS = 200;

/** A screen like a terminal that prints without end: every line moves up and a new one comes, which is the hardest for a video encoder. */
export class ScrollingTerminal {
  readonly #x: XConnection;
  readonly #width: number;
  readonly #height: number;

  private constructor(x: XConnection, width: number, height: number) {
    this.#x = x;
    this.#width = width;
    this.#height = height;
  }

  /** @param size of its picture, at the screen's upper left corner. No window may cover its last line: nothing would scroll. */
  static async on(display: string, { width, height }: Pick<Area, 'width' | 'height'>): Promise<ScrollingTerminal> {
    const x = await XConnection.open(display, { onEvent: () => undefined, onLost: () => undefined });
    const [gc, font] = [x.resourceIdBase, x.resourceIdBase + 1];
    const name = Buffer.alloc(8);
    name.write(FONT_NAME, 'latin1');
    const length = Buffer.alloc(4);
    length.writeUInt16LE(FONT_NAME.length);
    x.send(OPEN_FONT, 0, Buffer.concat([words(font), length, name]));
    x.send(CREATE_GC, 0, words(gc, x.root, FOREGROUND | BACKGROUND | FONT, 0xd0d0d0, 0x101010, font));
    return new ScrollingTerminal(x, width, height);
  }

  /** Prints a line; resolves when it is on the screen. */
  async print(): Promise<void> {
    const { root, resourceIdBase: gc } = this.#x;
    const kept = this.#height - LINE_HEIGHT;
    this.#x.send(COPY_AREA, 0, Buffer.concat([words(root, root, gc), shorts(0, LINE_HEIGHT, 0, 0, this.#width, kept)]));
    const text = randomBytes(MOST_CHARACTERS / 2).toString('hex');
    this.#x.send(IMAGE_TEXT, text.length, Buffer.concat([words(root, gc), shorts(0, this.#height - 4), Buffer.from(text, 'latin1')]));
    await this.#x.request(GET_GEOMETRY, 0, words(root));
  }

  close(): void {
    this.#x.close();
  }
}

function shorts(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16LE(value, index * 2));
  return bytes;
}
