import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout: a benchmark is started there. */
export const ROOT = process.cwd();
export const CLI = join(ROOT, 'dist/cli.js');

const START_MS = 60_000;

export interface StartedProgram {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Milliseconds from its start to its first line. */
  readonly startedIn: number;
  readonly firstLine: string;
  stop(): Promise<void>;
}

/** Starts a program and waits for the first that it prints. Throws when it ends before. */
export async function startProgram(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<StartedProgram> {
  const begin = performance.now();
  const child = spawn(command, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  const ended = exited.then(([code]) => Promise.reject(new Error(`${command} ${args.join(' ')} ended with ${String(code)}`)));
  ended.catch(() => undefined); // it ends in the end
  const [data] = (await Promise.race([once(child.stdout, 'data', { signal: AbortSignal.timeout(START_MS) }), ended])) as [Buffer];
  return {
    child,
    pid: child.pid ?? 0,
    startedIn: performance.now() - begin,
    firstLine: data.toString('utf8'),
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** A service that nothing outside `home` has to do with. @returns the file */
export function writeConfiguration(home: string, settings: object = {}): string {
  const file = join(home, 'config.json');
  const usual = { server: 'http://127.0.0.1:9', http: { port: 0 }, https: { enabled: false }, dataDirectory: join(home, 'data') };
  writeFileSync(file, JSON.stringify({ ...usual, spool: { minFreeMegabytes: 1, keyFallback: 'file' }, ...settings }));
  return file;
}

/** No session bus: a keychain is not what is measured. */
export function quietEnvironment(home: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere',
    SRS_CREDENTIAL_STORE: 'memory',
  };
}
