import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';

/** Only root can be somebody else. */
export const canBeOtherUser = process.getuid?.() === 0;
/** The account "nobody", another user of this computer than the one who runs the tests. To become it takes root. */
export const OTHER_USER = 65534;
export const AS_OTHER_USER = ['--reuid', String(OTHER_USER), '--regid', String(OTHER_USER), '--clear-groups'];

/** Runs a program as another user of this computer; rejects when it ends with another code than 0. */
export async function runAsOtherUser(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('setpriv', [...AS_OTHER_USER, program, ...args], { timeout: 10_000, cwd: '/' });
  return stdout;
}

/** The same, left running; the test must end it. */
export function startAsOtherUser(program: string, args: readonly string[]): ChildProcess {
  return spawn('setpriv', [...AS_OTHER_USER, program, ...args], { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' });
}

export interface PortHolder {
  readonly port: number;
  readonly processId: number;
  release(): Promise<void>;
}

/** Has a process listen on a free port of 127.0.0.1: another user's where that can be, else one of this user. */
export async function holdPort(): Promise<PortHolder> {
  const script = `const s = require('node:net').createServer().listen(0, '127.0.0.1', () => process.stdout.write(String(s.address().port)));`;
  const args = ['-e', script];
  const holder = canBeOtherUser
    ? startAsOtherUser(process.execPath, args)
    : spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => holder.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    holder.stdout?.once('data', (text: Buffer) => resolve(Number(text.toString())));
    void exited.then(() => reject(new Error('the holder of the port ended')));
  });
  return {
    port,
    processId: holder.pid ?? 0,
    async release() {
      holder.kill('SIGKILL');
      await exited;
    },
  };
}
