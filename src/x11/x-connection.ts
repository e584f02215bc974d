import { connect, type Socket } from 'node:net';
import { AppError } from '../shared/errors';
import { readXAuthorization } from './x-authority';

const CONNECT_TIMEOUT_MS = 4_000;
/** A server that takes longer has stopped, or is stopped by a debugger. */
const REPLY_TIMEOUT_MS = 10_000;
/** To say whether the user is let in; with the connection less than the doctor waits for a step. */
const SETUP_TIMEOUT_MS = 5_000;
const HEADER_BYTES = 8;
/** Every reply, event and error of the X protocol is at least this long. */
const UNIT_BYTES = 32;
const QUERY_EXTENSION = 98;
const REPLY = 1;
/** Without the bit for events that another client sent. */
const EVENT_KIND = 0x7f;
const GENERIC_EVENT = 35;

export interface XListener {
  /** @param event at least its 32 bytes. Events and replies come in the server's order. */
  onEvent(event: Buffer): void;
  /** The connection ended without `close`: the server is gone, or has stopped answering. */
  onLost(): void;
}

interface Pending {
  readonly sequence: number;
  readonly timer: NodeJS.Timeout;
  resolve(reply: Buffer): void;
  reject(error: Error): void;
  readonly onReply: ((reply: Buffer) => void) | undefined;
}

/**
 * A connection to the X server, with as much of the protocol as `XMonitors` needs (X11 protocol, *Encoding*, little-endian):
 * requests one after the other, their replies, and a call for every event.
 */
export class XConnection {
  readonly root: number;
  /** Ids of this connection's own resources begin here. */
  readonly resourceIdBase: number;
  /** The bits that tell one client's resources apart; the others tell which client's they are. */
  readonly resourceIdMask: number;
  readonly #socket: Socket;
  readonly #pending: Pending[] = [];
  readonly #listener: XListener;
  #received: Buffer = Buffer.alloc(0);
  #sequence = 0;
  #status: 'open' | 'closed' | 'lost' = 'open';

  private constructor(socket: Socket, { root, resourceIdBase, resourceIdMask, rest }: Setup, listener: XListener) {
    this.#socket = socket;
    this.root = root;
    this.resourceIdBase = resourceIdBase;
    this.resourceIdMask = resourceIdMask;
    this.#listener = listener;
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('close', () => this.#ended());
    this.#receive(rest);
  }

  /** @param display `:7` or `:7.0`; only local displays. Throws `AppError` `dependencyMissing`. */
  static async open(display: string, listener: XListener): Promise<XConnection> {
    const number = /^(?:unix)?:(\d+)(?:\.\d+)?$/.exec(display)?.[1];
    if (number === undefined)
      throw new AppError('dependencyMissing', 'Only a display of this computer can be recorded: set DISPLAY to one such as ":0".');
    const { name, value } = await readXAuthorization(number);
    const socket = await openSocket(`/tmp/.X11-unix/X${number}`);
    try {
      socket.write(setupRequest(name, value));
      return new XConnection(socket, await readSetup(socket), listener);
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  /**
   * Sends a request that has a reply. `body` without the 4-byte header; its length a multiple of 4. Rejects when none comes.
   * @param onReply called before any event that comes after the reply
   */
  request(opcode: number, detail: number, body: Buffer, onReply?: (reply: Buffer) => void): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#status !== 'open') {
        reject(connectionEnded());
        return;
      }
      this.send(opcode, detail, body);
      const timer = setTimeout(() => this.#socket.destroy(), REPLY_TIMEOUT_MS);
      this.#pending.push({ resolve, reject, timer, sequence: this.#sequence, onReply });
    });
  }

  /** The number by which an extension is asked; `undefined` when the server has none of that name. */
  async extension(name: string): Promise<number | undefined> {
    const text = Buffer.from(name, 'latin1');
    const reply = await this.request(QUERY_EXTENSION, 0, Buffer.concat([words(text.length), padded(text)]));
    return reply.readUInt8(8) === 1 ? reply.readUInt8(9) : undefined;
  }

  /** Sends a request without a reply. */
  send(opcode: number, detail: number, body: Buffer): void {
    if (this.#status !== 'open') return;
    const header = Buffer.alloc(4);
    header.writeUInt8(opcode, 0);
    header.writeUInt8(detail, 1);
    header.writeUInt16LE(1 + body.length / 4, 2);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#socket.write(Buffer.concat([header, body]));
  }

  close(): void {
    if (this.#status === 'open') this.#status = 'closed';
    this.#rejectAll();
    this.#socket.end();
    this.#socket.unref();
  }

  #receive(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    while (this.#received.length >= UNIT_BYTES) {
      const kind = this.#received.readUInt8(0);
      const isLonger = kind === REPLY || (kind & EVENT_KIND) === GENERIC_EVENT;
      const length = UNIT_BYTES + (isLonger ? this.#received.readUInt32LE(4) * 4 : 0);
      if (this.#received.length < length) return;
      const message = this.#received.subarray(0, length);
      this.#received = this.#received.subarray(length);
      this.#handle(kind, message);
    }
  }

  #handle(kind: number, message: Buffer): void {
    if (kind > REPLY) {
      this.#listener.onEvent(message);
      return;
    }
    const sequence = message.readUInt16LE(2);
    const index = this.#pending.findIndex((waiting) => waiting.sequence === sequence);
    const [waiting] = index < 0 ? [] : this.#pending.splice(index, 1);
    clearTimeout(waiting?.timer);
    if (kind === REPLY) {
      waiting?.onReply?.(message);
      waiting?.resolve(message);
    } else waiting?.reject(new Error(`the X server refused a request (error ${message.readUInt8(1)})`));
  }

  #ended(): void {
    const isLost = this.#status === 'open';
    if (isLost) this.#status = 'lost';
    this.#rejectAll();
    if (isLost) this.#listener.onLost();
  }

  #rejectAll(): void {
    for (const { timer, reject } of this.#pending.splice(0)) {
      clearTimeout(timer);
      reject(connectionEnded());
    }
  }
}

function connectionEnded(): AppError {
  return new AppError('dependencyMissing', 'The display that DISPLAY names does not answer any more. Is it running?');
}

function openSocket(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // Most servers listen on the abstract socket of the same name too; the path is what all have.
    const socket = connect(path);
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('timed out')));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('error');
      socket.on('error', () => undefined); // "close" follows, which is what is listened to
      resolve(socket);
    });
    socket.once('error', (cause) =>
      reject(new AppError('dependencyMissing', 'The display that DISPLAY names does not answer. Is it running?', { cause })),
    );
  });
}

function setupRequest(name: string, value: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header.write('l', 0, 'latin1');
  header.writeUInt16LE(11, 2);
  header.writeUInt16LE(name.length, 6);
  header.writeUInt16LE(value.length, 8);
  return Buffer.concat([header, padded(Buffer.from(name, 'latin1')), padded(value)]);
}

interface Setup {
  readonly root: number;
  readonly resourceIdBase: number;
  readonly resourceIdMask: number;
  /** What came behind it. */
  readonly rest: Buffer;
}

function readSetup(socket: Socket): Promise<Setup> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const fail = (): void =>
      reject(new AppError('dependencyMissing', 'The display that DISPLAY names refuses this user. Check XAUTHORITY.'));
    const timer = setTimeout(() => {
      reject(connectionEnded());
      socket.destroy();
    }, SETUP_TIMEOUT_MS);
    const onData = (bytes: Buffer): void => {
      received = Buffer.concat([received, bytes]);
      if (received.length < HEADER_BYTES) return;
      const length = HEADER_BYTES + received.readUInt16LE(6) * 4;
      if (received.length < length) return;
      clearTimeout(timer);
      socket.removeListener('data', onData);
      socket.removeListener('close', fail);
      if (received.readUInt8(0) !== 1) fail();
      else {
        const [resourceIdBase, resourceIdMask] = [received.readUInt32LE(12), received.readUInt32LE(16)];
        resolve({ root: rootOf(received), resourceIdBase, resourceIdMask, rest: received.subarray(length) });
      }
    };
    socket.on('data', onData);
    socket.once('close', () => clearTimeout(timer));
    socket.once('close', fail);
  });
}

/** The first screen's root window lies behind the vendor's name and the list of pixmap formats. */
function rootOf(setup: Buffer): number {
  const vendorLength = setup.readUInt16LE(24);
  const formats = setup.readUInt8(29);
  return setup.readUInt32LE(40 + Math.ceil(vendorLength / 4) * 4 + formats * 8);
}

export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeUInt32LE(value >>> 0, index * 4));
  return bytes;
}

export function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
