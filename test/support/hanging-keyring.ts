import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageLength } from '../../src/lib/bus-message';
import { busError, busReply, sized } from './bus-bytes';

/** What a look at the keychain asks, and what an open one answers: signature and value. */
const ANSWERS: Readonly<Record<string, readonly [signature: string, value: string | boolean]>> = {
  Hello: ['s', ':1.7'],
  GetNameOwner: ['s', ':1.8'],
  ReadAlias: ['o', '/org/freedesktop/secrets/collection/login'],
  Get: ['v', false],
};

/** A session bus with a Secret Service that looks open, and never answers a call for an entry: it waits for a person. Other services there are none. */
export class HangingKeyring {
  readonly #directory: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** What a process needs to reach it. */
  readonly environment: NodeJS.ProcessEnv;

  private constructor(directory: string, server: Server) {
    this.#directory = directory;
    this.#server = server;
    this.environment = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(directory, 'bus')}` };
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined); // Whoever is killed leaves it open.
      converse(socket);
    });
  }

  static async start(): Promise<HangingKeyring> {
    const directory = await mkdtemp(join(tmpdir(), 'srs-bus-'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(directory, 'bus'), resolve));
    return new HangingKeyring(directory, server);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function converse(socket: Socket): void {
  let received: Buffer = Buffer.alloc(0);
  let isIntroduced = false;
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let end = received.indexOf('\r\n'); !isIntroduced && end >= 0; end = received.indexOf('\r\n')) {
      const line = received.toString('latin1', 0, end).replace('\0', '');
      received = received.subarray(end + 2);
      isIntroduced = line === 'BEGIN';
      if (!isIntroduced) socket.write(`${answerTo(line)}\r\n`);
    }
    for (let length = lengthOf(); length !== undefined; length = lengthOf()) {
      const message = received.subarray(0, length);
      received = received.subarray(length);
      const [, answer] = Object.entries(ANSWERS).find(([member]) => message.includes(`\x01s\0${sized(member)}`, 0, 'latin1')) ?? [];
      if (answer !== undefined) socket.write(reply(message.readUInt32LE(8), ...answer));
      else if (!message.includes('org.freedesktop.secrets')) socket.write(refusal(message.readUInt32LE(8)));
    }
  });
  const lengthOf = (): number | undefined => (isIntroduced ? messageLength(received) : undefined);
}

/** D-Bus Specification, *Authentication Protocol*. */
function answerTo(line: string): string {
  if (line === 'AUTH') return 'REJECTED EXTERNAL';
  if (line === 'AUTH EXTERNAL') return 'DATA';
  return /^(AUTH EXTERNAL|DATA)/.test(line) ? `OK ${'0'.repeat(32)}` : 'ERROR';
}

function reply(toSerial: number, signature: string, value: string | boolean): Buffer {
  return busReply(toSerial, signature, typeof value === 'string' ? sized(value) : `\x01b\0\0${value ? '\x01' : '\0'}\0\0\0`);
}

/** To whoever asks for something else, a browser for one. */
function refusal(toSerial: number): Buffer {
  return busError(toSerial, 'org.freedesktop.DBus.Error.ServiceUnknown');
}
