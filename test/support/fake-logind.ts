import { createServer, type Server, type Socket } from 'node:net';
import { messageLength } from '../../src/lib/bus-message';
import { busError, busReply, sized, uint32 } from './bus-bytes';

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
    if (holds('Hello')) return busReply(serial, 's', sized(':1.7'));
    const [, fact] = Object.entries(this.facts).find(([key]) => key.startsWith('/') === holds('Get') && holds(key)) ?? [];
    if (typeof fact === 'string') return busReply(serial, 'o', sized(fact));
    const [, value] = Object.entries(fact ?? {}).find(([name]) => holds(name)) ?? [];
    if (value === undefined) return busError(serial, 'org.freedesktop.login1.NoSuchSession');
    return busReply(serial, 'v', variant(value));
  }
}

function variant(value: string | boolean | readonly [string | number]): string {
  if (typeof value === 'boolean') return `\x01b\0\0${uint32(Number(value))}`;
  if (typeof value === 'string') return `\x01s\0\0${sized(value)}`;
  const [first] = value;
  return typeof first === 'number' ? `\x04(uo)\0\0\0${uint32(first)}${sized('/')}` : `\x04(so)\0\0\0${sized(first)}`;
}
