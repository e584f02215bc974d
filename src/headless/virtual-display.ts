import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { AppError } from '../shared/errors';

export interface VirtualDisplay {
  /** Such as `:99`. */
  readonly display: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 15_000;

/** Starts an Xvfb that picks a free display itself. Throws `AppError` `dependencyMissing` when there is no Xvfb. */
export async function startVirtualDisplay(size = '1280x720'): Promise<VirtualDisplay> {
  const args = ['-displayfd', '3', '-screen', '0', `${size}x24`, '-noreset', '-nolisten', 'tcp'];
  // Its own process group: a Ctrl+C in the terminal must not take the display away before the recording is finished.
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], detached: true });
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const killWithUs = (): void => void server.kill('SIGKILL');
  process.once('exit', killWithUs);
  try {
    const number = await displayNumber(server);
    return {
      display: `:${number}`,
      async stop() {
        process.removeListener('exit', killWithUs);
        server.kill('SIGTERM');
        await exited;
      },
    };
  } catch (error) {
    process.removeListener('exit', killWithUs);
    server.kill('SIGKILL');
    throw error;
  }
}

function displayNumber(server: ChildProcess): Promise<string> {
  const pipe = server.stdio[3] as Readable;
  return new Promise((resolve, reject) => {
    const fail = (message: string, cause?: unknown): void => reject(new AppError('dependencyMissing', message, { cause }));
    const timer = setTimeout(() => fail(`Xvfb did not come up within ${START_TIMEOUT_MS / 1000} s.`), START_TIMEOUT_MS);
    const settle = (): void => clearTimeout(timer);
    let text = '';
    pipe.setEncoding('utf8');
    pipe.on('data', (chunk: string) => {
      text += chunk;
      if (!text.includes('\n')) return;
      settle();
      resolve(text.trim());
    });
    server.once('error', (cause) => {
      settle();
      fail('Xvfb is not installed: there is no display and none can be started. Install xvfb, or set DISPLAY.', cause);
    });
    server.once('exit', (code) => {
      settle();
      fail(`Xvfb ended at once (exit code ${String(code)}): no display could be started.`);
    });
  });
}
