import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

declare const CHAOS_PROGRAMS: string;

const run = promisify(execFile);

/**
 * The way to RWS: a process that takes its connections and hands them on. As root it lives in a network namespace of its own, behind a
 * pair of interfaces that can be taken down.
 */
export class RwsLink {
  readonly #socketFile: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #namespace: NetworkNamespace | undefined;
  #process: ChildProcess | undefined;
  #port = 0;

  private constructor(socketFile: string, target: string, namespace: NetworkNamespace | undefined) {
    this.#socketFile = socketFile;
    this.#namespace = namespace;
    const { hostname, port } = new URL(target);
    this.#server = createServer((from) => {
      const to = connect(Number(port), hostname);
      for (const socket of [from, to]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          from.destroy();
          to.destroy();
        });
      }
      from.pipe(to);
      to.pipe(from);
    });
  }

  /** @param target RWS's origin */
  static async open(folder: string, target: string, isCuttable: boolean): Promise<RwsLink> {
    const link = new RwsLink(join(folder, 'rws-socket'), target, isCuttable ? await NetworkNamespace.create() : undefined);
    await new Promise<void>((resolve) => link.#server.listen(link.#socketFile, resolve));
    await link.accept();
    return link;
  }

  get address(): string {
    return this.#namespace?.address ?? '127.0.0.1';
  }

  get port(): number {
    return this.#port;
  }

  /** RWS takes connections, on the same port as before. */
  async accept(): Promise<void> {
    const [program = '', ...args] = [...(this.#namespace?.via ?? []), process.execPath];
    const child = spawn(program, [...args, join(CHAOS_PROGRAMS, 'forward.cjs'), this.address, this.#socketFile, String(this.#port)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process = child;
    const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
    this.#port = Number(/^listening (\d+)/.exec(String(said))?.[1]);
    if (Number.isNaN(this.#port)) throw new Error('the way to RWS did not open');
  }

  async refuse(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async cut(): Promise<void> {
    await this.#namespace?.set('down');
  }

  async mend(): Promise<void> {
    await this.#namespace?.set('up');
  }

  async close(): Promise<void> {
    await this.refuse();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#namespace?.remove();
  }
}

/** A network namespace and the pair of interfaces that leads there, by `ip`. Its name and its addresses follow from this process' id. */
class NetworkNamespace {
  readonly #name = `srs-chaos-${process.pid}`;
  readonly #near = `srsc${process.pid}`;
  readonly #network = `10.${100 + ((process.pid >> 8) & 0x7f)}.${process.pid & 0xff}`;

  static async create(): Promise<NetworkNamespace> {
    const namespace = new NetworkNamespace();
    const far = `${namespace.#near}f`;
    const inside = ['netns', 'exec', namespace.#name, 'ip'];
    await run('ip', ['netns', 'add', namespace.#name]);
    try {
      await run('ip', ['link', 'add', namespace.#near, 'type', 'veth', 'peer', 'name', far, 'netns', namespace.#name]);
      await run('ip', ['addr', 'add', `${namespace.#network}.1/30`, 'dev', namespace.#near]);
      await namespace.set('up');
      await run('ip', [...inside, 'addr', 'add', `${namespace.address}/30`, 'dev', far]);
      await run('ip', [...inside, 'link', 'set', far, 'up']);
      return namespace;
    } catch (error) {
      await namespace.remove();
      throw error;
    }
  }

  get address(): string {
    return `${this.#network}.2`;
  }

  get via(): readonly string[] {
    return ['ip', 'netns', 'exec', this.#name];
  }

  async set(state: 'up' | 'down'): Promise<void> {
    await run('ip', ['link', 'set', this.#near, state]);
  }

  /** The interfaces go with it. */
  async remove(): Promise<void> {
    await run('ip', ['link', 'del', this.#near]).catch(() => undefined); // it may not have come to be
    await run('ip', ['netns', 'del', this.#name]);
  }
}
