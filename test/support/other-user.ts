import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';

/** The account "nobody", another user of this computer than the one who runs the tests. To become it takes root. */
export const OTHER_USER = 65534;
const AS_OTHER_USER = ['--reuid', String(OTHER_USER), '--regid', String(OTHER_USER), '--clear-groups'];

/** Runs a program as another user of this computer; rejects when it ends with another code than 0. */
export async function runAsOtherUser(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('setpriv', [...AS_OTHER_USER, program, ...args], { timeout: 10_000, cwd: '/' });
  return stdout;
}

/** The same, left running; the test must end it. */
export function startAsOtherUser(program: string, args: readonly string[]): ChildProcess {
  return spawn('setpriv', [...AS_OTHER_USER, program, ...args], { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' });
}
