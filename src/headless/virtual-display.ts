import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { AppError } from '../shared/errors';
import { createDisplayAuthority } from './display-authority';

export interface VirtualDisplay {
  /** Such as `:99`. */
  readonly display: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 15_000;

export interface VirtualDisplayOptions {
  /** Pixels. */
  readonly size?: string;
  /** The file with the cookie that it asks its clients for; without it anybody on this computer may connect. */
  readonly authorityFile?: string;
}

/** Starts an Xvfb that picks a free display itself. Throws `AppError` `dependencyMissing` when there is no Xvfb. */
export async function startVirtualDisplay({ size = '1280x720', authorityFile }: VirtualDisplayOptions = {}): Promise<VirtualDisplay> {
  const authority = authorityFile === undefined ? [] : ['-auth', authorityFile];
  const args = ['-displayfd', '3', '-screen', '0', `${size}x24`, '-noreset', '-nolisten', 'tcp', ...authority];
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

/**
 * The same for this process and those it starts: `DISPLAY` and `XAUTHORITY` are set until it stops, and no other user of this computer can look at it.
 * @param directory of this user alone, for the cookie
 */
export async function useVirtualDisplay(directory: string, env: NodeJS.ProcessEnv = process.env): Promise<VirtualDisplay> {
  const authority = await createDisplayAuthority(directory);
  const before = { DISPLAY: env['DISPLAY'], XAUTHORITY: env['XAUTHORITY'] };
  const server = await startVirtualDisplay({ authorityFile: authority.file }).catch(async (error: unknown) => {
    await authority.remove();
    throw error;
  });
  Object.assign(env, { DISPLAY: server.display, XAUTHORITY: authority.file });
  return {
    display: server.display,
    async stop() {
      await server.stop();
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete env[name];
        else env[name] = value;
      }
      await authority.remove();
    },
  };
}
