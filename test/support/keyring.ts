import { execFile, spawn, type ChildProcess, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { KeychainSight } from '../../src/keychain/ports';
import { lookAtSecretService } from '../../src/keychain/secret-service';
import { until } from './until';

/** - `none`: there is no login keyring: the first entry asks a person to make one; - `locked`: every call asks a person to unlock it. */
export type KeyringState = 'unlocked' | 'locked' | 'none';

export const KEYRING_PASSWORD = 'test';

/** A Secret Service of its own (`gnome-keyring-daemon` on its own D-Bus), with its own keyring. Ends with `stop`. */
export class Keyring {
  readonly #home: string;
  readonly #bus: ChildProcessWithoutNullStreams;
  #daemon: ChildProcess | undefined;
  /** What a process needs to reach it. */
  readonly environment: NodeJS.ProcessEnv;

  private constructor(home: string, bus: ChildProcessWithoutNullStreams, address: string) {
    this.#home = home;
    this.#bus = bus;
    this.environment = { ...environmentOf(home), DBUS_SESSION_BUS_ADDRESS: address };
  }

  /** Resolves when the keyring is there. */
  static async start(state: KeyringState = 'unlocked'): Promise<Keyring> {
    const keyring = await Keyring.#startBus(await mkdtemp(join(tmpdir(), 'srs-keyring-')));
    if (state === 'locked') await keyring.runDaemon('unlocked'); // makes the keyring that is then locked
    await keyring.runDaemon(state);
    return keyring;
  }

  /** The bus alone: it starts the daemon, unlocked, at the first call, and so many seconds later. */
  static async startOnDemand(seconds: number): Promise<Keyring> {
    const home = await mkdtemp(join(tmpdir(), 'srs-keyring-'));
    const services = join(home, 'data/dbus-1/services');
    await mkdir(services, { recursive: true });
    const program = join(home, 'slow-keyring');
    const daemon = 'exec gnome-keyring-daemon --foreground --unlock --components=secrets';
    await writeFile(program, `#!/bin/sh\nsleep ${seconds}\nprintf ${KEYRING_PASSWORD} | ${daemon}\n`, { mode: 0o700 });
    await writeFile(join(services, 'org.freedesktop.secrets.service'), `[D-BUS Service]\nName=org.freedesktop.secrets\nExec=${program}\n`);
    return Keyring.#startBus(home);
  }

  static async #startBus(home: string): Promise<Keyring> {
    // The session lasts until its standard input closes, so that it ends with this process however that ends.
    const script = 'echo "$DBUS_SESSION_BUS_ADDRESS" && cat >/dev/null';
    const bus = spawn('dbus-run-session', ['--', 'sh', '-c', script], { env: environmentOf(home) });
    const errors: string[] = [];
    bus.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    const address = await new Promise<string>((resolve, reject) => {
      bus.once('error', reject);
      bus.once('exit', () => reject(new Error(`the bus did not start: ${errors.join('')}`)));
      bus.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    });
    return new Keyring(home, bus, address);
  }

  /** Another daemon on the same keyring, in place of the one that runs. */
  async runDaemon(state: KeyringState): Promise<void> {
    await this.endDaemon();
    const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--components=secrets', ...(state === 'unlocked' ? ['--unlock'] : [])], {
      env: this.environment,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    this.#daemon = daemon;
    daemon.stdin.on('error', () => undefined); // It reads only the password.
    daemon.stdin.end(state === 'unlocked' ? KEYRING_PASSWORD : '');
    const expected = state === 'unlocked' ? 'open' : 'locked';
    await until(`a keyring that is ${state}`, async () => (await this.look()).status === expected);
  }

  async endDaemon(): Promise<void> {
    const daemon = this.#daemon;
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const ended = new Promise((resolve) => daemon.once('exit', resolve));
    daemon.kill('SIGKILL');
    await ended;
  }

  look(): Promise<KeychainSight> {
    return lookAtSecretService(this.environment)();
  }

  async lock(): Promise<void> {
    const keyring = 'array:objpath:/org/freedesktop/secrets/collection/login';
    const service = ['--dest=org.freedesktop.secrets', '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock'];
    await promisify(execFile)('dbus-send', ['--session', '--print-reply', ...service, keyring], { env: this.environment });
  }

  /** It keeps its callers waiting, as one does that waits for a person. */
  pause(): void {
    this.#daemon?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#daemon?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.endDaemon();
    const ended = new Promise((resolve) => this.#bus.once('exit', resolve));
    this.#bus.stdin.end();
    await ended;
    await rm(this.#home, { recursive: true, force: true });
  }
}

function environmentOf(home: string): NodeJS.ProcessEnv {
  return { ...process.env, HOME: home, XDG_DATA_HOME: join(home, 'data'), XDG_RUNTIME_DIR: home, XDG_CACHE_HOME: join(home, 'cache') };
}
