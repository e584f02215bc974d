import { setTimeout as pause } from 'node:timers/promises';
import type { Response } from 'express';
import { sessionOf } from '../rws/authentication';
import type { FaultAction } from './fault';

type ActionOf<T extends FaultAction['type']> = Extract<FaultAction, { type: T }>;

/** Sends only the body's first bytes, then cuts the socket or leaves it silent. With 0 not even the head gets out. */
export function breakOff(response: Response, body: Buffer, { type, atByte }: ActionOf<'cutAnswer' | 'stallAnswer'>): void {
  const finish = type === 'cutAnswer' ? (): void => void response.socket?.destroy() : (): void => undefined;
  if (atByte === 0 || body.length === 0) {
    finish();
    return;
  }
  response.setHeader('Content-Length', body.length);
  response.write(body.subarray(0, Math.min(atByte, body.length - 1)), finish);
}

/** Sends a body in pieces, each of which leaves as its own packet. */
export async function sendInPieces(response: Response, body: Buffer, { bytes, pauseMs }: ActionOf<'splitAnswer'>): Promise<void> {
  response.setHeader('Content-Length', body.length);
  response.socket?.setNoDelay(true);
  for (let start = 0; start < body.length && !response.destroyed; start += bytes) {
    await new Promise<void>((resolve) => response.write(body.subarray(start, start + bytes), () => setImmediate(resolve)));
    if (pauseMs > 0) await pause(pauseMs);
  }
  response.end();
}

/** Says of the media that was received what is not so. */
export function misreport(response: Response, body: Buffer, { sha256, size }: ActionOf<'misreport'>): void {
  const wrong = sha256 === undefined && size === undefined ? { sha256: '0'.repeat(64) } : { sha256, size };
  const said = response.statusCode < 300 && body.length > 0 ? (JSON.parse(body.toString('utf8')) as Record<string, unknown>) : undefined;
  response.end(said === undefined ? body : JSON.stringify({ ...said, ...wrong }));
}

export function demandCookie(response: Response, body: Buffer, { name, value = String(Date.now()) }: ActionOf<'demandCookie'>): void {
  sessionOf(response)?.demandCookie(name, value);
  response.appendHeader('Set-Cookie', `${name}=${value}; Path=/`);
  response.end(body);
}
