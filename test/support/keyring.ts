import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Secret Service of its own (`gnome-keyring-daemon` on its own D-Bus), with a new unlocked keyring. Ends with `stop`. */
export class Keyring {
  readonly #home: string;
  readonly #bus: ChildProcessWithoutNullStreams;
  /** What a process needs to reach it. */
  readonly environment: NodeJS.ProcessEnv;

  private constructor(home: string, bus: ChildProcessWithoutNullStreams, address: string) {
    this.#home = home;
    this.#bus = bus;
    this.environment = { ...environmentOf(home), DBUS_SESSION_BUS_ADDRESS: address };
  }

  /** Resolves when the keyring is unlocked. */
  static async start(): Promise<Keyring> {
    const home = await mkdtemp(join(tmpdir(), 'srs-keyring-'));
    // The session lasts until its standard input closes, so that it ends with this process however that ends.
    const script =
      'printf "test\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null && echo "$DBUS_SESSION_BUS_ADDRESS" && cat >/dev/null';
    const bus = spawn('dbus-run-session', ['--', 'sh', '-c', script], { env: environmentOf(home) });
    const errors: string[] = [];
    bus.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    const address = await new Promise<string>((resolve, reject) => {
      bus.once('error', reject);
      bus.once('exit', () => reject(new Error(`the keyring did not start: ${errors.join('')}`)));
      bus.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    return new Keyring(home, bus, address);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#bus.once('exit', resolve));
    this.#bus.stdin.end();
    await ended;
    await rm(this.#home, { recursive: true, force: true });
  }
}

function environmentOf(home: string): NodeJS.ProcessEnv {
  return { ...process.env, HOME: home, XDG_DATA_HOME: join(home, 'data'), XDG_RUNTIME_DIR: home, XDG_CACHE_HOME: join(home, 'cache') };
}
