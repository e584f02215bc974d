import { createServer, type Server, type Socket } from 'node:net';
import { messageLength } from '../../src/lib/bus-message';

/** By session id: its path. By a session's path: whether it is active. By a user's path: its state. */
export type LogindFacts = Readonly<Record<string, string | boolean>>;

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
    const isGet = holds('Get');
    const [, fact] = Object.entries(this.facts).find(([key]) => key.startsWith('/') === isGet && holds(key)) ?? [];
    if (fact === undefined) return send(3, `${replySerial(serial)}\x04\x01s\0${sized('org.freedesktop.login1.NoSuchSession')}`, '');
    if (!isGet) return reply(serial, 'o', sized(String(fact)));
    const body = typeof fact === 'boolean' ? `\x01b\0\0${fact ? '\x01' : '\0'}\0\0\0` : `\x01s\0\0${sized(fact)}`;
    return reply(serial, 'v', body);
  }
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
