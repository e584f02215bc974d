import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { decodeReply, encodeCall, messageLength, type BusCall, type BusReply } from './bus-message';

/** The bus itself, as a service. */
export const BUS = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' } as const;

/** A short connection to a D-Bus, for a few questions. Nothing is asked of it that could wait for a person. */
export class MessageBus {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, { resolve: (reply: BusReply) => void; reject: (error: Error) => void }>();
  #received: Buffer = Buffer.alloc(0);
  #lastSerial = 0;
  #onLine: ((line: string) => void) | undefined;

  /** @param path of the socket; one that begins with NUL is an abstract one. Close it in any case. */
  constructor(path: string) {
    this.#socket = connect(path);
    this.#socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the bus closed the connection')));
  }

  /** Says who we are. Comes first; rejects when nobody listens there. */
  async introduce(): Promise<void> {
    const user = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    const line = await new Promise<string>((resolve, reject) => {
      this.#onLine = resolve;
      this.#waiting.set(0, { resolve: () => undefined, reject });
      this.#socket.write(`\0AUTH EXTERNAL ${user}\r\n`);
    });
    this.#waiting.delete(0);
    if (!line.startsWith('OK')) throw new Error('the bus refuses this user');
    this.#socket.write('BEGIN\r\n');
    await this.call({ ...BUS, member: 'Hello' });
  }

  /** Never starts a service. The error's name in the reply says what went wrong there. */
  call(call: BusCall): Promise<BusReply> {
    const serial = (this.#lastSerial += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(serial, { resolve, reject });
      this.#socket.write(encodeCall(serial, call));
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    try {
      if (this.#onLine !== undefined) this.#readLine();
      if (this.#onLine === undefined) this.#readMessages();
    } catch (error) {
      this.#socket.destroy(error as Error);
    }
  }

  #readLine(): void {
    const end = this.#received.indexOf('\r\n');
    if (end < 0) return;
    const line = this.#received.toString('latin1', 0, end);
    this.#received = this.#received.subarray(end + 2);
    this.#onLine?.(line);
    this.#onLine = undefined;
  }

  #readMessages(): void {
    for (;;) {
      const length = messageLength(this.#received);
      if (length === undefined) return;
      const reply = decodeReply(this.#received.subarray(0, length));
      this.#received = this.#received.subarray(length);
      if (reply === undefined) continue;
      this.#waiting.get(reply.replyTo)?.resolve(reply);
      this.#waiting.delete(reply.replyTo);
    }
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

type BusPlace = { readonly path: string } | 'elsewhere' | 'none';

/**
 * The socket of the session's bus. `none`: there is no bus; `elsewhere`: it is reached in a way that is not spoken here.
 * D-Bus would start a bus of its own where none is named; a keychain on such a bus is locked and known to nobody.
 */
export function sessionBusPath(env: NodeJS.ProcessEnv): BusPlace {
  const address = env['DBUS_SESSION_BUS_ADDRESS'];
  const runtime = env['XDG_RUNTIME_DIR'];
  const own: BusPlace = runtime === undefined || runtime === '' ? 'none' : { path: join(runtime, 'bus') };
  if (address === undefined || address === '') return own;
  for (const entry of address.split(';')) {
    const [, key, value = ''] = /^unix:(?:.*,)?(path|abstract|runtime)=([^,]*)/.exec(entry) ?? [];
    if (key === 'runtime') return own;
    if (key !== undefined) return { path: `${key === 'abstract' ? '\0' : ''}${unescape(value)}` };
  }
  return 'elsewhere';
}

function unescape(value: string): string {
  return value.replace(/%([0-9a-f]{2})/gi, (_whole, code: string) => String.fromCharCode(parseInt(code, 16)));
}

/** The socket of the system's bus; `undefined` when it is reached in a way that is not spoken here. */
export function systemBusPath(env: NodeJS.ProcessEnv): string | undefined {
  const place = sessionBusPath({ DBUS_SESSION_BUS_ADDRESS: env['DBUS_SYSTEM_BUS_ADDRESS'] || 'unix:path=/run/dbus/system_bus_socket' });
  return typeof place === 'string' ? undefined : place.path;
}
