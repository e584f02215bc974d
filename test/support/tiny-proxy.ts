import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isListening } from './free-port';
import { until } from './until';

export interface TinyProxy {
  /** Host and port. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Debian's tinyproxy on a free port of 127.0.0.1, which wants a login (Basic). */
export async function startTinyProxy(user: string, password: string): Promise<TinyProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'srs-tinyproxy-'));
  const port = await freePort();
  const file = join(folder, 'tinyproxy.conf');
  const lines = [`Port ${port}`, 'Listen 127.0.0.1', 'Timeout 30', 'MaxClients 20', `BasicAuth ${user} ${password}`, 'LogLevel Error'];
  await writeFile(file, `${lines.join('\n')}\n`);
  const child = spawn('tinyproxy', ['-d', '-c', file], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await until('tinyproxy', () => isListening(port));
  } catch (error) {
    await stop();
    throw error;
  }
  return { host: `127.0.0.1:${port}`, stop };
}
