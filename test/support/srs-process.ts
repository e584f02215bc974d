import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

export interface SrsProcess {
  /** What it printed on stdout so far. */
  stdout(): string;
  /** Its log and its errors. */
  stderr(): string;
  readonly exited: Promise<number | null>;
  /** Resolves when stdout matches; throws with everything it printed when it ends first. */
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  readonly pid: number;
}

const CLI = join(__dirname, '../../dist/cli.js');

/**
 * Starts `srs ARGS…` as built. The test must stop it.
 * @param via a command that replaces itself by the one that follows
 */
export function startSrs(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
  via: readonly string[] = [],
): SrsProcess {
  const [program = process.execPath, ...rest] = [...via, process.execPath, CLI, ...args];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const out = collect(child, 'stdout');
  const err = collect(child, 'stderr');
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    pid: child.pid ?? 0,
    stdout: out.text,
    stderr: err.text,
    exited,
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(out.text());
          if (match !== null) resolve(match);
        };
        out.onData(look);
        look();
        void exited.then((code) =>
          reject(new Error(`srs ${args.join(' ')} ended with ${code} before ${pattern}\n${out.text()}\n${err.text()}`)),
        );
      }),
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function collect(child: ChildProcess, name: 'stdout' | 'stderr'): { text: () => string; onData: (listener: () => void) => void } {
  let text = '';
  const listeners: (() => void)[] = [];
  child[name]?.setEncoding('utf8');
  child[name]?.on('data', (chunk: string) => {
    text += chunk;
    for (const listener of listeners) listener();
  });
  return { text: () => text, onData: (listener) => listeners.push(listener) };
}
