import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const WINE = '/usr/lib/wine/wine64';
const COMMAND_MS = 120_000;

class WineError extends Error {
  constructor(
    message: string,
    readonly code: number | null,
  ) {
    super(message);
  }
}

/** A Windows of its own in a folder, by Debian's wine64. Paths are Windows paths (`C:\…`). */
export class WinePrefix {
  readonly #directory: string;

  private constructor(directory: string) {
    this.#directory = directory;
  }

  static async create(): Promise<WinePrefix> {
    const prefix = new WinePrefix(await mkdtemp(join(tmpdir(), 'srs-wine-')));
    await mkdir(join(prefix.#directory, 'prefix'));
    // Seconds that it lives on between the commands: each would start it anew.
    await prefix.#server('-p60');
    await prefix.run('cmd', '/c', 'exit 0');
    return prefix;
  }

  /** Runs a program of the host or of the prefix to its end; rejects when that is not success. */
  async run(program: string, ...args: readonly string[]): Promise<string> {
    return this.#command(WINE, [program, ...args]);
  }

  /** A string value; undefined: there is none. */
  async registryValue(key: string, name: string): Promise<string | undefined> {
    const found = await this.#query(key, '/v', name);
    return /REG_SZ\s+(.*?)\r?\n/.exec(found)?.[1];
  }

  /** Name, type and data of every value; none when there is no such key. */
  async registryValues(key: string): Promise<readonly (readonly string[])[]> {
    const found = await this.#query(key);
    return [...found.matchAll(/^ {4}(.+?) {4}(REG_\w+) {4}(.*?)\r?$/gm)].map(([, ...value]) => value);
  }

  async setRegistryValue(key: string, name: string, value: string): Promise<void> {
    await this.run('reg', 'add', key, '/v', name, '/t', 'REG_SZ', '/d', value, '/f');
  }

  async write(path: string, text: string): Promise<void> {
    const file = this.onHost(path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  async exists(path: string): Promise<boolean> {
    return access(this.onHost(path)).then(
      () => true,
      () => false,
    );
  }

  /** `%LOCALAPPDATA%` of its one user. */
  async localAppData(): Promise<string> {
    const users = await readdir(this.onHost('C:\\users'));
    const user = users.find((name) => name !== 'Public');
    return `C:\\users\\${user}\\AppData\\Local`;
  }

  onHost(path: string): string {
    return join(this.#directory, 'prefix', 'drive_c', ...path.replace(/^C:\\/, '').split('\\'));
  }

  async remove(): Promise<void> {
    await this.#server('-k').catch(() => undefined); // has ended already
    await this.#server('-w');
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #query(...words: readonly string[]): Promise<string> {
    return this.run('reg', 'query', ...words).catch((error: unknown) => {
      if (error instanceof WineError && error.code === 1) return ''; // reg's answer for what is not there
      throw error;
    });
  }

  async #server(option: string): Promise<void> {
    await this.#command(join(dirname(WINE), 'wineserver'), [option]);
  }

  /** Into a file: Wine's services, which live on, would hold a pipe open. */
  async #command(program: string, args: readonly string[]): Promise<string> {
    const file = join(this.#directory, 'output');
    const output = await open(file, 'w');
    const options = { env: this.#environment(), timeout: COMMAND_MS, killSignal: 'SIGKILL' } as const;
    const child = spawn(program, args, { ...options, stdio: ['ignore', output.fd, output.fd] });
    const [code] = (await once(child, 'exit').finally(() => output.close())) as [number | null];
    const said = await readFile(file, 'utf8');
    if (code !== 0) throw new WineError(`${[program, ...args].join(' ')} ended with ${code}:\n${said}`, code);
    return said;
  }

  #environment(): Record<string, string> {
    return {
      PATH: '/usr/bin:/bin',
      HOME: this.#directory,
      LC_ALL: 'C.UTF-8',
      WINEPREFIX: join(this.#directory, 'prefix'),
      WINEDEBUG: '-all',
      // Neither .NET nor HTML nor entries in the host's menu.
      WINEDLLOVERRIDES: 'mscoree,mshtml=;winemenubuilder.exe=d',
    };
  }
}
