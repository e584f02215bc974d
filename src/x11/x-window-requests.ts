import { padded, words, type XConnection } from './x-connection';

const CHANGE_WINDOW_ATTRIBUTES = 2;
const GET_WINDOW_ATTRIBUTES = 3;
const GET_GEOMETRY = 14;
const QUERY_TREE = 15;
const INTERN_ATOM = 16;
const GET_PROPERTY = 20;
const GET_SELECTION_OWNER = 23;
const EVENT_MASK = 0x800;
const ANY_TYPE = 0;
const SHAPE = { selectInput: 6, getRectangles: 8 } as const;
const BOUNDING = 0;
const INPUT_ONLY = 2;
const UNMAPPED = 0;
/** More of a title or a class than a rule can hold. */
const MAX_PROPERTY_WORDS = 1024;

export const EVENTS = { structure: 0x20000, substructure: 0x80000, property: 0x400000 } as const;

export interface XRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface XProperty {
  readonly type: number;
  /** Bits of an item. */
  readonly format: number;
  readonly value: Buffer;
}

/** What is asked about windows (X11 protocol, *Requests*; SHAPE 1.1). Every request rejects for a window that is gone. */
export class XWindowRequests {
  readonly #x: XConnection;
  readonly #shape: number | undefined;
  readonly #atoms = new Map<string, Promise<number>>();

  private constructor(x: XConnection, shape: number | undefined) {
    this.#x = x;
    this.#shape = shape;
  }

  static async on(x: XConnection): Promise<XWindowRequests> {
    return new XWindowRequests(x, await x.extension('SHAPE'));
  }

  get root(): number {
    return this.#x.root;
  }

  atom(name: string): Promise<number> {
    const text = Buffer.from(name, 'latin1');
    const known = this.#atoms.get(name);
    if (known !== undefined) return known;
    const asked = this.#x.request(INTERN_ATOM, 0, Buffer.concat([words(text.length), padded(text)])).then((reply) => reply.readUInt32LE(8));
    this.#atoms.set(name, asked);
    return asked;
  }

  /** Whether any window owns the selection of that name. */
  async hasOwner(selection: string): Promise<boolean> {
    const reply = await this.#x.request(GET_SELECTION_OWNER, 0, words(await this.atom(selection)));
    return reply.readUInt32LE(8) !== 0;
  }

  select(window: number, events: number): void {
    this.#x.send(CHANGE_WINDOW_ATTRIBUTES, 0, words(window, EVENT_MASK, events));
  }

  /** Also when its shape changes. */
  selectShape(window: number): void {
    if (this.#shape !== undefined) this.#x.send(this.#shape, SHAPE.selectInput, words(window, 1));
  }

  /** The uppermost last. @param onReply called before any event that comes after the reply */
  async children(window: number, onReply?: (children: readonly number[]) => void): Promise<readonly number[]> {
    return childrenOf(await this.#x.request(QUERY_TREE, 0, words(window), (reply) => onReply?.(childrenOf(reply))));
  }

  async attributes(window: number): Promise<{ readonly isInputOnly: boolean; readonly isMapped: boolean; readonly isOverride: boolean }> {
    const reply = await this.#x.request(GET_WINDOW_ATTRIBUTES, 0, words(window));
    return {
      isInputOnly: reply.readUInt16LE(12) === INPUT_ONLY,
      isMapped: reply.readUInt8(26) !== UNMAPPED,
      isOverride: reply.readUInt8(27) === 1,
    };
  }

  /** With its border; from the upper left corner of its parent. */
  async geometry(window: number): Promise<XRectangle & { readonly border: number; readonly depth: number }> {
    const reply = await this.#x.request(GET_GEOMETRY, 0, words(window));
    return {
      depth: reply.readUInt8(1),
      x: reply.readInt16LE(12),
      y: reply.readInt16LE(14),
      width: reply.readUInt16LE(16),
      height: reply.readUInt16LE(18),
      border: reply.readUInt16LE(20),
    };
  }

  /** What its shape leaves of it; `undefined` when the server has no shapes. */
  async shape(window: number): Promise<readonly XRectangle[] | undefined> {
    if (this.#shape === undefined) return undefined;
    const reply = await this.#x.request(this.#shape, SHAPE.getRectangles, words(window, BOUNDING));
    return rectangles(reply.subarray(32), reply.readUInt32LE(8));
  }

  /** `undefined` when the window has none of that name. */
  async property(window: number, name: string): Promise<XProperty | undefined> {
    const body = words(window, await this.atom(name), ANY_TYPE, 0, MAX_PROPERTY_WORDS);
    const reply = await this.#x.request(GET_PROPERTY, 0, body);
    const format = reply.readUInt8(1);
    if (format === 0) return undefined;
    return { type: reply.readUInt32LE(8), format, value: reply.subarray(32, 32 + (reply.readUInt32LE(16) * format) / 8) };
  }

  async cardinals(window: number, name: string): Promise<readonly number[]> {
    const property = await this.property(window, name);
    if (property?.format !== 32) return [];
    return Array.from({ length: property.value.length / 4 }, (_, index) => property.value.readUInt32LE(index * 4));
  }

  async text(window: number, name: string): Promise<string | undefined> {
    const property = await this.property(window, name);
    if (property?.format !== 8) return undefined;
    return property.value.toString(property.type === (await this.atom('UTF8_STRING')) ? 'utf8' : 'latin1');
  }
}

function childrenOf(reply: Buffer): readonly number[] {
  return Array.from({ length: reply.readUInt16LE(16) }, (_, index) => reply.readUInt32LE(32 + index * 4));
}

function rectangles(bytes: Buffer, count: number): readonly XRectangle[] {
  return Array.from({ length: count }, (_, index) => ({
    x: bytes.readInt16LE(index * 8),
    y: bytes.readInt16LE(index * 8 + 2),
    width: bytes.readUInt16LE(index * 8 + 4),
    height: bytes.readUInt16LE(index * 8 + 6),
  }));
}
