import { spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, chmod, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { until } from '../until';
import type { LinuxDesktop } from './linux-desktop';

const ROOT = resolve(__dirname, '../../..');
const PARTS = ['package.json', 'dist', 'assets', 'node_modules/keytar'];

/** Electron's kinds of processes, as `--type=` names them. */
export type ProcessKind = 'main' | 'renderer' | 'gpu-process';

/** The product as built beside a real Electron, in a folder that every account may read, as an installation is. */
export class InstalledProgram {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async install(): Promise<InstalledProgram> {
    const folder = await mkdtemp(join(tmpdir(), 'srs-installed-'));
    await chmod(folder, 0o755);
    const copy = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true };
    await cp(dirname(electronBinary()), join(folder, 'electron'), copy);
    // The mode that makes it root's is lost by copying.
    if (process.getuid?.() === 0) await chmod(join(folder, 'electron/chrome-sandbox'), 0o4755);
    for (const part of PARTS) await cp(join(ROOT, part), join(folder, 'app', part), copy);
    return new InstalledProgram(folder);
  }

  /** Starts it on a desktop, as that desktop's account. Resolves when it answers. @param config what `--config` names */
  async start(desktop: LinuxDesktop, config: Readonly<Record<string, unknown>>, env: NodeJS.ProcessEnv = {}): Promise<RunningProgram> {
    const configFile = join(desktop.home, 'config.json');
    await writeFile(configFile, JSON.stringify(config), { mode: 0o644 });
    const { via, hasSandbox } = desktop.account;
    const words = [
      ...via,
      join(this.#folder, 'electron/electron'),
      ...(hasSandbox ? [] : ['--no-sandbox']),
      join(this.#folder, 'app'),
      '--lang=en',
      '--config',
      configFile,
    ];
    const child = spawn(words[0]!, words.slice(1), {
      env: { ...desktop.environment, ...env },
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const program = new RunningProgram(child);
    await until(
      'the program to listen',
      () => {
        if (child.exitCode !== null) throw new Error(`the program ended with exit code ${child.exitCode}: ${program.errors}`);
        return program.address;
      },
      30_000,
    );
    return program;
  }

  remove(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The program's processes, from outside. */
export class RunningProgram {
  /** Exit code, or `null` after a signal. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  #output = '';
  #errors = '';

  constructor(child: ChildProcess) {
    this.#child = child;
    this.exited = new Promise((resolve) => child.once('exit', resolve));
    child.stdout?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
  }

  /** Of the local API; empty until it listens. */
  get address(): string {
    return /^listening (http:\S+)$/m.exec(this.#output)?.[1] ?? '';
  }

  /** Everything it wrote to stderr. */
  get errors(): string {
    return this.#errors;
  }

  /** Ids of its processes of a kind. */
  async processes(kind: ProcessKind): Promise<readonly number[]> {
    const main = this.#child.pid ?? 0;
    if (kind === 'main') return [main];
    const found: number[] = [];
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      // Gone meanwhile: not one of them.
      const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
      if (command.includes(`--type=${kind}`) && (await this.#isBelow(Number(name), main))) found.push(Number(name));
    }
    return found;
  }

  /** `kill -9` of every process of a kind. Resolves with their ids. */
  async kill(kind: ProcessKind): Promise<readonly number[]> {
    const ids = await until(`a process of the kind ${kind}`, async () => {
      const found = await this.processes(kind);
      return found.length === 0 ? undefined : found;
    });
    for (const id of ids) process.kill(id, 'SIGKILL');
    return ids;
  }

  /** Does the system keep these processes to the calls the sandbox allows? */
  async isSandboxed(kind: ProcessKind): Promise<boolean> {
    const ids = await this.processes(kind);
    const states = await Promise.all(ids.map((id) => readFile(`/proc/${id}/status`, 'utf8')));
    return states.length > 0 && states.every((state) => /^Seccomp:\s*2$/m.test(state));
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await this.exited;
    clearTimeout(patience);
  }

  /** Chromium starts some processes through others. */
  async #isBelow(id: number, ancestor: number): Promise<boolean> {
    for (let at = id; at > 1;) {
      if (at === ancestor) return true;
      const stat = await readFile(`/proc/${at}/stat`, 'utf8').catch(() => ''); // gone meanwhile
      at = Number(/^\d+ \(.*\) \S (\d+)/s.exec(stat)?.[1] ?? 0);
    }
    return false;
  }
}

function electronBinary(): string {
  // In Node the package is the path of its binary.
  return jest.requireActual<string>('electron');
}
