import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

/** `nobody`, on every Linux. */
const OTHER_USER = { uid: 65534, gid: 65534 };

/** Only root can be somebody else. */
export const canBeOtherUser = process.getuid?.() === 0;

/** What a Node script prints that runs as another user of this computer. It has 15 s. */
export async function runAsOtherUser(script: string, args: readonly string[] = []): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script, '--', ...args], {
    ...OTHER_USER,
    cwd: '/',
    env: {},
    timeout: 15_000,
  });
  return stdout;
}

export interface PortHolder {
  readonly port: number;
  release(): Promise<void>;
}

/** Has a process listen on a free port of 127.0.0.1: another user's where that can be, else one of this user. */
export async function holdPort(): Promise<PortHolder> {
  const script = `const s = require('node:net').createServer().listen(0, '127.0.0.1', () => process.stdout.write(String(s.address().port)));`;
  const holder = spawn(process.execPath, ['-e', script], {
    ...(canBeOtherUser ? OTHER_USER : {}),
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => holder.once('exit', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    holder.stdout.once('data', (text: Buffer) => resolve(Number(text.toString())));
    void exited.then(() => reject(new Error('the holder of the port ended')));
  });
  return {
    port,
    async release() {
      holder.kill('SIGKILL');
      await exited;
    },
  };
}
