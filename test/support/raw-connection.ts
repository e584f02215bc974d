import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A connection whose bytes a test writes itself. `received` is what came back so far; `closed` resolves with all of it. */
export interface RawConnection {
  readonly socket: Socket;
  readonly closed: Promise<string>;
  received(): string;
}

/** @param base such as `http://127.0.0.1:8080`. A reset counts as closed. */
export function openRaw(base: string): Promise<RawConnection> {
  const { hostname, port, protocol } = new URL(base);
  const target = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
  return new Promise((resolve, reject) => {
    const isTls = protocol === 'https:';
    const socket = isTls ? connectTls({ ...target, rejectUnauthorized: false }) : connectTcp(target);
    const chunks: Buffer[] = [];
    const received = (): string => Buffer.concat(chunks).toString('latin1');
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    const closed = new Promise<string>((end) => socket.once('close', () => end(received())));
    socket.once('error', reject);
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve({ socket, closed, received });
    });
  });
}
