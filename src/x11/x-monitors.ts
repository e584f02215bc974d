import type { DisplayGeometry } from '../shared/display';
import { padded, words, XConnection } from './x-connection';

export interface XMonitor {
  readonly name: string;
  /** The number of its name, by which Chromium knows it; absent when the server has no RANDR. */
  readonly atom?: number;
  readonly isPrimary: boolean;
  readonly geometry: DisplayGeometry;
}

/** A monitor of ours over all others (`ScreenSource`). */
export const COVER_MONITOR = 'srs-capture-all';

const CHANGE_WINDOW_ATTRIBUTES = 2;
const GET_GEOMETRY = 14;
const INTERN_ATOM = 16;
const GET_ATOM_NAME = 17;
const RANDR = { queryVersion: 0, selectInput: 4, getMonitors: 42, setMonitor: 43, deleteMonitor: 44 } as const;
const EVENT_MASK = 0x800;
const STRUCTURE_NOTIFY = 0x20000;
const ALL_RANDR_EVENTS = 0x7f;

/** The X server's monitors (RANDR 1.5), and when they change. */
export class XMonitors {
  readonly #connection: XConnection;
  readonly #randr: number;

  private constructor(connection: XConnection, randr: number) {
    this.#connection = connection;
    this.#randr = randr;
  }

  /**
   * @param onChange the screen or a monitor changed, or something else did: look, and compare
   * @param onLost the server is gone
   */
  static async open(display: string, onChange: () => void, onLost: () => void): Promise<XMonitors> {
    return XMonitors.on(await XConnection.open(display, { onEvent: onChange, onLost }));
  }

  /** On a connection of somebody else, who hears the events. */
  static async on(connection: XConnection): Promise<XMonitors> {
    const randr = (await connection.extension('RANDR')) ?? 0;
    if (randr !== 0) {
      await connection.request(randr, RANDR.queryVersion, words(1, 6));
      connection.send(randr, RANDR.selectInput, words(connection.root, ALL_RANDR_EVENTS));
    }
    // A monitor that was set by hand comes as a change of the root window.
    connection.send(CHANGE_WINDOW_ATTRIBUTES, 0, words(connection.root, EVENT_MASK, STRUCTURE_NOTIFY));
    return new XMonitors(connection, randr);
  }

  async internAtom(name: string): Promise<number> {
    const text = Buffer.from(name, 'latin1');
    const reply = await this.#connection.request(INTERN_ATOM, 0, Buffer.concat([words(text.length), padded(text)]));
    return reply.readUInt32LE(8);
  }

  /** The whole root window. */
  async size(): Promise<{ readonly width: number; readonly height: number }> {
    const reply = await this.#connection.request(GET_GEOMETRY, 0, words(this.#connection.root));
    return { width: reply.readUInt16LE(16), height: reply.readUInt16LE(18) };
  }

  /** From 23.1 on it has an extension that says so; before, its monitors are called so. */
  async isXwayland(): Promise<boolean> {
    if ((await this.#connection.extension('XWAYLAND')) !== undefined) return true;
    return (await this.monitors()).some(({ name }) => /^XWAYLAND\d+$/.test(name));
  }

  /** In the server's order, which is the one browsers number them by. */
  async monitors(): Promise<readonly XMonitor[]> {
    if (this.#randr === 0) return [{ name: 'screen', isPrimary: true, geometry: { x: 0, y: 0, ...(await this.size()) } }];
    const reply = await this.#connection.request(this.#randr, RANDR.getMonitors, words(this.#connection.root, 1));
    const monitors: XMonitor[] = [];
    let at = 32;
    for (let left = reply.readUInt32LE(12); left > 0; left -= 1) {
      const geometry = {
        x: reply.readInt16LE(at + 8),
        y: reply.readInt16LE(at + 10),
        width: reply.readUInt16LE(at + 12),
        height: reply.readUInt16LE(at + 14),
      };
      const atom = reply.readUInt32LE(at);
      monitors.push({ name: await this.#atomName(atom), atom, isPrimary: reply.readUInt8(at + 4) === 1, geometry });
      at += 24 + reply.readUInt16LE(at + 6) * 4;
    }
    return monitors;
  }

  /** Adds a monitor that belongs to no output. */
  async setMonitor(name: string, { x, y, width, height }: DisplayGeometry): Promise<void> {
    const info = Buffer.alloc(16);
    info.writeUInt32LE(await this.internAtom(name), 0);
    info.writeInt16LE(x, 8);
    info.writeInt16LE(y, 10);
    info.writeUInt16LE(width, 12);
    info.writeUInt16LE(height, 14);
    this.#connection.send(this.#randr, RANDR.setMonitor, Buffer.concat([words(this.#connection.root), info, words(width, height)]));
  }

  async deleteMonitor(name: string): Promise<void> {
    this.#connection.send(this.#randr, RANDR.deleteMonitor, words(this.#connection.root, await this.internAtom(name)));
  }

  close(): void {
    this.#connection.close();
  }

  async #atomName(atom: number): Promise<string> {
    const reply = await this.#connection.request(GET_ATOM_NAME, 0, words(atom));
    return reply.subarray(32, 32 + reply.readUInt16LE(8)).toString('latin1');
  }
}
