import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BOOTSTRAP_MS = 480_000;
const COMMAND_MS = 120_000;
/** Of the way the system is put together below. */
const REVISION = 1;
const isRoot = process.getuid?.() === 0;

/** In a mount namespace of its own, so that nothing stays mounted; for an ordinary user with the ids of /etc/subuid. */
const APART = ['unshare', ...(isRoot ? [] : ['--user', '--map-root-user', '--map-auto']), '--mount', '--', 'sh', '-ec'];
/** One namespace for all commands: from another, the links of /proc would not name a process's program as it is named inside. */
const HOLD = `
mount --rbind /proc "$1/proc"
mount --rbind /dev "$1/dev"
mkdir -p "$1/tmp/.X11-unix"
if [ -d /tmp/.X11-unix ]; then mount --bind /tmp/.X11-unix "$1/tmp/.X11-unix"; fi
echo held
exec cat`;

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** The ordinary user of the system. */
export const AGENT = 'agent';
const AGENT_ID = 1000;

/**
 * A minimal Debian of the host's release in a folder: nothing but what `depends` brings, without recommended packages. It is put together
 * once with mmdebstrap, from the host's own package sources, and kept as an archive in the user's cache folder.
 */
export class DebianRoot {
  readonly folder: string;
  readonly #directory: string;
  #holder: ChildProcess | undefined;

  private constructor(directory: string) {
    this.#directory = directory;
    this.folder = join(directory, 'root');
  }

  /** @param depends as the field of a package (Debian policy 7.1) */
  static async create(depends: string): Promise<DebianRoot> {
    const archive = await prepareArchive(depends);
    const system = new DebianRoot(await mkdtemp(join(tmpdir(), 'srs-debian-')));
    await run('chmod', ['755', system.#directory]); // the user inside has to reach the folder
    await apart(`mkdir "$1" && tar -xf "$2" -C "$1" --exclude=./dev/*`, [system.folder, archive]);
    await system.#hold();
    return system;
  }

  /** Runs a command in it, as root; resolves however it ends. */
  async run(...command: readonly string[]): Promise<Ended> {
    const [program = '', ...args] = this.#inside(command);
    return run(program, args, { timeout: COMMAND_MS, env: environment(), maxBuffer: 1 << 24 }).then(
      ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
      (error: { code?: unknown; message: string; stdout?: string; stderr?: string }) => ({
        code: typeof error.code === 'number' ? error.code : -1,
        output: `${error.stdout ?? ''}${error.stderr ?? ''}` || error.message,
      }),
    );
  }

  /** The same, for what has to succeed. */
  async must(...command: readonly string[]): Promise<string> {
    const { code, output } = await this.run(...command);
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}:\n${output}`);
    return output;
  }

  /** What makes a command the ordinary user's. */
  asAgent(...command: readonly string[]): readonly string[] {
    return ['setpriv', '--reuid', AGENT, '--regid', AGENT, '--init-groups', 'env', `HOME=/home/${AGENT}`, ...command];
  }

  /** What a program of the agent's gets: the host's curl, under the agent's id. */
  curlAsAgent(...words: readonly string[]): Promise<string> {
    return apart(`exec setpriv --reuid ${AGENT_ID} --regid ${AGENT_ID} --clear-groups curl --silent --show-error "$@"`, words);
  }

  /** Starts a command in it; the test ends it. */
  start(command: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    const [program = '', ...args] = this.#inside(command);
    return spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...environment(), ...env } });
  }

  /** Runs a script of the host's on the folder, which is its first argument. */
  async onHost(script: string, ...args: readonly string[]): Promise<string> {
    const [program = '', ...rest] = [...this.#entered(), 'sh', '-ec', script, 'sh', this.folder, ...args];
    return (await run(program, rest, { timeout: COMMAND_MS, maxBuffer: 1 << 24, env: environment() })).stdout;
  }

  async remove(): Promise<void> {
    const holder = this.#holder;
    if (holder?.exitCode === null) {
      const gone = new Promise((resolve) => holder.once('exit', resolve));
      holder.stdin?.end();
      await gone;
    }
    await apart('rm -rf "$1"', [this.folder]);
    await rm(this.#directory, { recursive: true, force: true });
  }

  #inside(command: readonly string[]): readonly string[] {
    return [...this.#entered(), 'chroot', this.folder, ...command];
  }

  #entered(): readonly string[] {
    return ['nsenter', '--target', String(this.#holder?.pid), ...(isRoot ? [] : ['--user', '--preserve-credentials']), '--mount', '--'];
  }

  /** Ends with the test run: nothing is left that its input could come from. */
  async #hold(): Promise<void> {
    const [program = '', ...args] = [...APART, HOLD, 'sh', this.folder];
    const holder = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#holder = holder;
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once('data', () => resolve());
      holder.once('error', reject);
      holder.once('exit', (code) => reject(new Error(`the namespace of ${this.folder} ended with ${code}`)));
    });
  }
}

async function prepareArchive(depends: string): Promise<string> {
  const sources = await packageSources();
  const hash = createHash('sha256')
    .update(JSON.stringify([REVISION, sources, depends]))
    .digest('hex')
    .slice(0, 16);
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'screen-recording-service');
  const archive = join(cache, `debian-${hash}.tar`);
  if (existsSync(archive)) return archive;
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const part = `${archive}.part-${process.pid}`;
  const satisfy = `chroot "$1" env DEBIAN_FRONTEND=noninteractive apt-get satisfy -y -q --no-install-recommends ${quote(depends)}`;
  const args = [
    `--mode=${isRoot ? 'root' : 'unshare'}`,
    '--variant=apt',
    '--format=tar',
    '--dpkgopt=force-unsafe-io',
    `--customize-hook=${satisfy}`,
    `--customize-hook=chroot "$1" useradd --create-home --uid ${AGENT_ID} ${AGENT}`,
    '',
    part,
    ...sources,
  ];
  try {
    await run('mmdebstrap', args, { timeout: BOOTSTRAP_MS, maxBuffer: 1 << 24, env: environment() });
    await rename(part, archive);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`A minimal Debian to install into cannot be put together with mmdebstrap:\n${stderr?.slice(-2000) || message}`, {
      cause: error,
    });
  } finally {
    await rm(part, { force: true });
  }
  return archive;
}

/** The host's own, as one-line sources: what a machine behind a mirror can reach. */
async function packageSources(): Promise<readonly string[]> {
  const { stdout } = await run('apt-get', [
    'indextargets',
    '--format',
    '$(ORIGIN)|deb $(REPO_URI) $(CODENAME) $(COMPONENT)',
    'Created-By: Packages',
  ]);
  const lines = stdout.split('\n').flatMap((line) => (line.startsWith('Debian|') ? [line.slice('Debian|'.length)] : []));
  if (lines.length === 0) throw new Error('apt knows no package sources of Debian here: run "apt-get update"');
  return [...new Set(lines)].sort();
}

/** What a login would give; nothing of the test run's own. */
function environment(): Record<string, string> {
  const { HOME = '/root', http_proxy: proxy } = process.env;
  return {
    HOME,
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C.UTF-8',
    ...(proxy === undefined ? {} : { http_proxy: proxy }),
  };
}

async function apart(script: string, args: readonly string[]): Promise<string> {
  const [program = '', ...rest] = [...APART, script, 'sh', ...args];
  const { stdout } = await run(program, rest, { timeout: COMMAND_MS, maxBuffer: 1 << 24 });
  return stdout;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
