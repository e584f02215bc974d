import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../shared/errors';

/** One process per data directory: two would each finish and upload the other's recordings. Released when the process ends, however it ends. */
export interface InstanceLock {
  release(): Promise<void>;
}

/**
 * Takes the lock of a data directory. Throws `AppError` `alreadyRunning` when another process holds it.
 * The lock is a listening local socket, which the system closes with its process: a named pipe on Windows,
 * an abstract socket on Linux, a socket file on macOS (one that nobody answers is left over and removed).
 */
export async function takeInstanceLock(dataDirectory: string): Promise<InstanceLock> {
  const address = lockAddress(dataDirectory);
  let server = await listen(address);
  if (server === undefined && isSocketFile(address) && !(await isAnswered(address))) {
    await rm(address, { force: true });
    server = await listen(address);
  }
  if (server === undefined) {
    throw new AppError(
      'alreadyRunning',
      `Another Screen Recording Service already uses the data directory ${dataDirectory}. End it first, or set dataDirectory to another folder.`,
    );
  }
  const held = server;
  return { release: () => new Promise((resolve) => held.close(() => resolve())) };
}

function lockAddress(dataDirectory: string): string {
  const name = `srs-${createHash('sha256').update(dataDirectory).digest('hex').slice(0, 24)}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  if (process.platform === 'linux') return `\0${name}`;
  return join(tmpdir(), `${name}.sock`);
}

function isSocketFile(address: string): boolean {
  return address.startsWith('/');
}

function listen(address: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
