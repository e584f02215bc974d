import { padded, words, XConnection } from '../../src/x11/x-connection';
import type { DisplayGeometry } from '../../src/shared/display';

const REQUEST = {
  create: 1,
  change: 2,
  clear: 61,
  destroy: 4,
  map: 8,
  unmap: 10,
  configure: 12,
  internAtom: 16,
  changeProperty: 18,
  sendEvent: 25,
  getFocus: 43,
};
const BACKGROUND = 0x2;
const OVERRIDE = 0x200;
const STRING = 31;
const WINDOW = 33;
const PLACE = { x: 1, y: 2, width: 4, height: 8, stackMode: 64 };
const FOR_MANAGERS = 0x180000;
const CLIENT_MESSAGE = 33;
const ICONIC = 3;

export interface WindowWish {
  readonly colour: number;
  readonly area: DisplayGeometry;
  readonly title?: string;
  readonly application?: string;
  /** Not the window manager's: a menu. */
  readonly isOverride?: boolean;
  readonly transientFor?: number;
}

/** Windows of one colour each, painted by the X server itself, and what happens to them: one client of the server. */
export class ScriptedWindows {
  readonly #x: XConnection;
  readonly #atoms = new Map<string, number>();
  #made = 0;

  private constructor(x: XConnection) {
    this.#x = x;
  }

  static async open(display: string): Promise<ScriptedWindows> {
    return new ScriptedWindows(await XConnection.open(display, { onEvent: () => undefined, onLost: () => undefined }));
  }

  async show({ colour, area, title, application, isOverride = false, transientFor }: WindowWish): Promise<number> {
    const id = this.#x.resourceIdBase + (this.#made += 1);
    const place = Buffer.alloc(12);
    [area.x, area.y].forEach((value, index) => place.writeInt16LE(value, index * 2));
    [area.width, area.height, 0, 1].forEach((value, index) => place.writeUInt16LE(value, 4 + index * 2));
    const values = words(0, BACKGROUND | OVERRIDE, colour, isOverride ? 1 : 0);
    this.#x.send(REQUEST.create, 0, Buffer.concat([words(id, this.#x.root), place, values]));
    if (application !== undefined) await this.#set(id, 'WM_CLASS', STRING, 8, Buffer.from(`${application}\0${application}\0`));
    if (title !== undefined) await this.retitle(id, title);
    if (transientFor !== undefined) await this.#set(id, 'WM_TRANSIENT_FOR', WINDOW, 32, words(transientFor));
    await this.#set(id, 'WM_NORMAL_HINTS', await this.#atom('WM_SIZE_HINTS'), 32, words(1, ...new Array<number>(17).fill(0)));
    this.#x.send(REQUEST.map, 0, words(id));
    await this.settled();
    return id;
  }

  async retitle(id: number, title: string): Promise<void> {
    await this.#set(id, '_NET_WM_NAME', await this.#atom('UTF8_STRING'), 8, Buffer.from(title));
    await this.settled();
  }

  /** In another colour, at once. */
  async paint(id: number, colour: number): Promise<void> {
    this.#x.send(REQUEST.change, 0, words(id, BACKGROUND, colour));
    this.#x.send(REQUEST.clear, 0, words(id, 0, 0));
    await this.settled();
  }

  async place(id: number, { x, y, width, height }: Partial<DisplayGeometry>): Promise<void> {
    await this.#configure(id, [[PLACE.x, x], [PLACE.y, y], [PLACE.width, width], [PLACE.height, height]]); // prettier-ignore
  }

  async raise(id: number): Promise<void> {
    await this.#configure(id, [[PLACE.stackMode, 0]]);
  }

  async lower(id: number): Promise<void> {
    await this.#configure(id, [[PLACE.stackMode, 1]]);
  }

  async iconify(id: number): Promise<void> {
    await this.#tellManager(id, 'WM_CHANGE_STATE', ICONIC);
  }

  async restore(id: number): Promise<void> {
    this.#x.send(REQUEST.map, 0, words(id));
    await this.#tellManager(id, '_NET_ACTIVE_WINDOW', 2);
  }

  async fullScreen(id: number, isFull: boolean): Promise<void> {
    await this.#tellManager(id, '_NET_WM_STATE', isFull ? 1 : 0, await this.#atom('_NET_WM_STATE_FULLSCREEN'));
  }

  /** With a message that means nothing. */
  async wakeManager(): Promise<void> {
    await this.#tellManager(this.#x.root, 'SRS_TEST_WAKE');
  }

  async remove(id: number): Promise<void> {
    this.#x.send(REQUEST.destroy, 0, words(id));
    await this.settled();
  }

  async hide(id: number): Promise<void> {
    this.#x.send(REQUEST.unmap, 0, words(id));
    await this.settled();
  }

  /** The server has carried out what was asked; a window manager may not have. */
  async settled(): Promise<void> {
    await this.#x.request(REQUEST.getFocus, 0, Buffer.alloc(0));
  }

  close(): void {
    this.#x.close();
  }

  async #configure(id: number, wishes: readonly (readonly [number, number | undefined])[]): Promise<void> {
    const given = wishes.filter(([, value]) => value !== undefined);
    const mask = given.reduce((sum, [bit]) => sum | bit, 0);
    this.#x.send(REQUEST.configure, 0, words(id, mask, ...given.map(([, value]) => value ?? 0)));
    await this.settled();
  }

  async #tellManager(id: number, type: string, ...values: readonly number[]): Promise<void> {
    const event = Buffer.alloc(32);
    event.writeUInt8(CLIENT_MESSAGE, 0);
    event.writeUInt8(32, 1);
    words(id, await this.#atom(type), ...values).copy(event, 4);
    this.#x.send(REQUEST.sendEvent, 0, Buffer.concat([words(this.#x.root, FOR_MANAGERS), event]));
    await this.settled();
  }

  async #set(id: number, name: string, type: number, format: 8 | 32, value: Buffer): Promise<void> {
    const header = words(id, await this.#atom(name), type, format, value.length / (format / 8));
    this.#x.send(REQUEST.changeProperty, 0, Buffer.concat([header, padded(value)]));
  }

  async #atom(name: string): Promise<number> {
    const text = Buffer.from(name, 'latin1');
    const reply = await this.#x.request(REQUEST.internAtom, 0, Buffer.concat([words(text.length), padded(text)]));
    const atom = this.#atoms.get(name) ?? reply.readUInt32LE(8);
    this.#atoms.set(name, atom);
    return atom;
  }
}
