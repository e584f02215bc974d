import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const IS_ROOT = process.getuid?.() === 0;

export interface SmallDiskOptions {
  readonly megabytes: number;
  /** How many files and folders it has names for. */
  readonly files?: number;
  /** Files that processes started `via` it see in place of others. */
  readonly inPlaceOf?: Readonly<Record<string, string>>;
}

/**
 * A real small disk (tmpfs) that only processes started `via` it see; as any user, where the system lets users have namespaces. It outlives
 * them, and goes with `dispose`.
 */
export class SmallDisk {
  readonly #holder: ChildProcess;
  readonly #directory: string;

  private constructor(holder: ChildProcess, directory: string) {
    this.#holder = holder;
    this.#directory = directory;
  }

  static async mount(directory: string, { megabytes, files, inPlaceOf = {} }: SmallDiskOptions): Promise<SmallDisk> {
    await mkdir(directory, { recursive: true });
    const options = `size=${megabytes}m,mode=700${files === undefined ? '' : `,nr_inodes=${files}`}`;
    const pairs = Object.entries(inPlaceOf).flatMap(([file, own]) => [own, file]);
    const bind = 'while [ $# -gt 0 ]; do mount --bind "$1" "$2" || exit; shift 2; done';
    const script = `mount -t tmpfs -o ${options} none "$0" && ${bind} && echo mounted && exec cat >/dev/null`;
    const holder = spawn('unshare', [...(IS_ROOT ? ['-m'] : ['-r', '-m']), 'sh', '-c', script, directory, ...pairs], {
      stdio: ['pipe', 'pipe', 'inherit'], // it ends with this process, however that ends
    });
    const [said] = (await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')])) as [unknown];
    if (String(said).trim() === 'mounted') return new SmallDisk(holder, directory);
    throw new Error('a small disk could not be had: it takes the right to mount a tmpfs (root or user namespaces)');
  }

  /** The command that starts another where it sees the disk. */
  get via(): readonly string[] {
    return ['nsenter', '-t', String(this.#holder.pid), '-m', ...(IS_ROOT ? [] : ['-U', '--preserve-credentials'])];
  }

  /** A path on the disk, for this process. */
  at(...path: readonly string[]): string {
    return join(`/proc/${this.#holder.pid}/root${this.#directory}`, ...path);
  }

  async free(): Promise<number> {
    const { bavail, bsize } = await statfs(this.at());
    return bavail * bsize;
  }

  /** Until it takes nothing more; or, of one with few files, no more files. */
  async fill(): Promise<void> {
    const { ffree } = await statfs(this.at());
    await mkdir(this.at('ballast'));
    if (ffree < 10_000) for (let left = ffree - 1; left > 0; left -= 1) await writeFile(this.at('ballast', String(left)), '');
    else await writeFile(this.at('ballast', 'bytes'), Buffer.alloc(await this.free()));
  }

  async empty(): Promise<void> {
    await rm(this.at('ballast'), { recursive: true });
  }

  /** For whoever opens, renames or removes something from now on; what is open for writing stays so, as with a disk that cannot be remounted. */
  async makeReadOnly(): Promise<void> {
    await this.#mount('mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"');
  }

  async makeWritable(): Promise<void> {
    await this.#mount('umount -l "$0"');
  }

  async #mount(script: string): Promise<void> {
    const [program = '', ...args] = this.via;
    await promisify(execFile)(program, [...args, 'sh', '-c', script, this.#directory]);
  }

  async dispose(): Promise<void> {
    if (this.#holder.exitCode !== null || this.#holder.signalCode !== null) return;
    const exited = once(this.#holder, 'exit');
    this.#holder.kill('SIGKILL');
    await exited;
  }
}
