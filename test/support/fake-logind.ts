import { createServer, type Server, type Socket } from 'node:net';
import { messageLength } from '../../src/lib/bus-message';

/**
 * What is known: by the id of a session or a seat its path; by a path the properties there. Of a structure, such as a session's `User`, an
 * array with its first part.
 */
export type LogindFacts = Readonly<Record<string, string | Readonly<Record<string, string | boolean | readonly [string | number]>>>>;

/** As much of a system bus with logind on it as is asked; `facts` may change while it runs. */
export class FakeLogind {
  facts: LogindFacts;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(facts: LogindFacts) {
    this.facts = facts;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined); // Whoever is gone has no use for an answer.
      this.#converse(socket);
    });
  }

  static async start(path: string, facts: LogindFacts): Promise<FakeLogind> {
    const logind = new FakeLogind(facts);
    await new Promise<void>((resolve) => logind.#server.listen(path, resolve));
    return logind;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #converse(socket: Socket): void {
    let received: Buffer = Buffer.alloc(0);
    let isIntroduced = false;
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (let end = received.indexOf('\r\n'); !isIntroduced && end >= 0; end = received.indexOf('\r\n')) {
        isIntroduced = received.toString('latin1', 0, end) === 'BEGIN';
        received = received.subarray(end + 2);
        if (!isIntroduced) socket.write(`OK ${'0'.repeat(32)}\r\n`);
      }
      for (let length = isIntroduced ? messageLength(received) : undefined; length !== undefined; length = messageLength(received)) {
        socket.write(this.#answer(received.subarray(0, length)));
        received = received.subarray(length);
      }
    });
  }

  #answer(message: Buffer): Buffer {
    const serial = message.readUInt32LE(8);
    const holds = (text: string): boolean => message.includes(`${sized(text)}`, 0, 'latin1');
    if (holds('Hello')) return reply(serial, 's', sized(':1.7'));
    const [, fact] = Object.entries(this.facts).find(([key]) => key.startsWith('/') === holds('Get') && holds(key)) ?? [];
    if (typeof fact === 'string') return reply(serial, 'o', sized(fact));
    const [, value] = Object.entries(fact ?? {}).find(([name]) => holds(name)) ?? [];
    if (value === undefined) return send(3, `${replySerial(serial)}\x04\x01s\0${sized('org.freedesktop.login1.NoSuchSession')}`, '');
    return reply(serial, 'v', variant(value));
  }
}

function variant(value: string | boolean | readonly [string | number]): string {
  if (typeof value === 'boolean') return `\x01b\0\0${uint32(Number(value))}`;
  if (typeof value === 'string') return `\x01s\0\0${sized(value)}`;
  const [first] = value;
  return typeof first === 'number' ? `\x04(uo)\0\0\0${uint32(first)}${sized('/')}` : `\x04(so)\0\0\0${sized(first)}`;
}

/** A string as it lies in a message. */
function sized(text: string): string {
  return `${uint32(text.length)}${text}\0`;
}

function reply(serial: number, signature: string, body: string): Buffer {
  return send(2, `${replySerial(serial)}\x08\x01g\0\x01${signature}\0`, body);
}

function replySerial(serial: number): string {
  return `\x05\x01u\0${uint32(serial)}`;
}

function send(type: number, fields: string, body: string): Buffer {
  const padding = '\0'.repeat((8 - (fields.length % 8)) % 8);
  const head = `l${String.fromCharCode(type)}\x01\x01${uint32(body.length)}${uint32(1)}${uint32(fields.length)}`;
  return Buffer.from(`${head}${fields}${padding}${body}`, 'latin1');
}

function uint32(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes.toString('latin1');
}
