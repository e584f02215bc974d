import { omitUndefined } from '../shared/omit-undefined';

/** As much of the D-Bus wire format as a few questions to a service need (D-Bus Specification, *Message Format*). Little-endian both ways. */
export interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** Strings only. */
  readonly arguments?: readonly string[];
}

export interface BusReply {
  readonly replyTo: number;
  /** The error's name, when it is one. */
  readonly error?: string;
  /** The first value, alone, in a variant or first of a structure; absent when it is of a type nobody here asks for. */
  readonly value?: BusValue;
}

export type BusValue = string | boolean | number;

const CALL = 1;
const RETURN = 2;
const ERROR = 3;
/** A question must not start the service that it is about. */
const NO_AUTO_START = 2;
const FIELD = { path: 1, interface: 2, member: 3, errorName: 4, replySerial: 5, destination: 6, signature: 8 } as const;
/** Of a whole message; D-Bus allows 128 MB, our questions have short answers. */
const MAX_BYTES = 1024 * 1024;
const FIXED_BYTES = 16;

export function encodeCall(serial: number, call: BusCall): Buffer {
  const body = new Writer();
  for (const text of call.arguments ?? []) body.string(text);
  const fields = new Writer();
  const add = (code: number, type: 's' | 'o' | 'g', value: string): void => {
    fields.align(8).byte(code).signature(type);
    if (type === 'g') fields.signature(value);
    else fields.string(value);
  };
  add(FIELD.path, 'o', call.path);
  add(FIELD.interface, 's', call.interface);
  add(FIELD.member, 's', call.member);
  add(FIELD.destination, 's', call.destination);
  if (call.arguments !== undefined) add(FIELD.signature, 'g', 's'.repeat(call.arguments.length));
  const message = new Writer();
  message.byte('l'.charCodeAt(0)).byte(CALL).byte(NO_AUTO_START).byte(1);
  message.uint32(body.bytes.length).uint32(serial).uint32(fields.bytes.length).append(fields.bytes).align(8).append(body.bytes);
  return message.bytes;
}

/** How long the message is that begins here; `undefined` until enough of it has come. Throws when it cannot be one. */
export function messageLength(bytes: Buffer): number | undefined {
  if (bytes.length < FIXED_BYTES) return undefined;
  if (bytes[0] !== 'l'.charCodeAt(0)) throw new Error('the bus speaks in another byte order');
  const length = headerLength(bytes) + bytes.readUInt32LE(4);
  if (length > MAX_BYTES) throw new Error('the bus sent a message that is too long');
  return length <= bytes.length ? length : undefined;
}

/** A whole message; `undefined` when it is no reply. */
export function decodeReply(message: Buffer): BusReply | undefined {
  const type = message[1];
  if (type !== RETURN && type !== ERROR) return undefined;
  const fields = readFields(message);
  const replyTo = fields.get(FIELD.replySerial);
  if (typeof replyTo !== 'number') return undefined;
  if (type === ERROR) return { replyTo, error: String(fields.get(FIELD.errorName) ?? 'unknown') };
  const value = new Reader(message, headerLength(message)).value(String(fields.get(FIELD.signature) ?? ''));
  return { replyTo, ...omitUndefined({ value }) };
}

function headerLength(message: Buffer): number {
  return FIXED_BYTES + aligned(message.readUInt32LE(12), 8);
}

function readFields(message: Buffer): ReadonlyMap<number, BusValue | undefined> {
  const fields = new Map<number, BusValue | undefined>();
  const end = FIXED_BYTES + message.readUInt32LE(12);
  const reader = new Reader(message, FIXED_BYTES);
  while (reader.at < end) {
    reader.align(8);
    fields.set(reader.byte(), reader.value('v'));
  }
  return fields;
}

function aligned(at: number, to: number): number {
  return Math.ceil(at / to) * to;
}

class Writer {
  bytes: Buffer = Buffer.alloc(0);

  append(bytes: Uint8Array): this {
    this.bytes = Buffer.concat([this.bytes, bytes]);
    return this;
  }

  align(to: number): this {
    return this.append(Buffer.alloc(aligned(this.bytes.length, to) - this.bytes.length));
  }

  byte(value: number): this {
    return this.append(Buffer.of(value));
  }

  uint32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.align(4).append(bytes);
  }

  string(text: string): this {
    return this.uint32(Buffer.byteLength(text)).append(Buffer.from(`${text}\0`));
  }

  signature(text: string): this {
    return this.byte(text.length).append(Buffer.from(`${text}\0`));
  }
}

class Reader {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  align(to: number): void {
    this.at = aligned(this.at, to);
  }

  byte(): number {
    return this.#bytes.readUInt8(this.at++);
  }

  /** The first value of this signature; `undefined` for a type nobody here asks for. */
  value(signature: string): BusValue | undefined {
    switch (signature[0]) {
      case 's':
      case 'o':
        return this.#text(this.#uint32());
      case 'g':
        return this.#text(this.byte());
      case 'v':
        return this.value(this.#text(this.byte()));
      case '(':
        this.align(8);
        return this.value(signature.slice(1));
      case 'b':
        return this.#uint32() !== 0;
      case 'u':
        return this.#uint32();
      default:
        return undefined;
    }
  }

  #uint32(): number {
    this.align(4);
    const value = this.#bytes.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  #text(length: number): string {
    const text = this.#bytes.toString('utf8', this.at, this.at + length);
    this.at += length + 1;
    return text;
  }
}
