import type { Response } from 'express';

/** Keeps the whole answer's body back until it is complete, then hands it over instead of sending it. Head and status are not sent yet. */
export function holdAnswer(response: Response, release: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const collect = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const { write, end } = response;
  const callbackOf = (args: readonly unknown[]): (() => void) | undefined =>
    args.find((argument): argument is () => void => typeof argument === 'function');
  response.write = ((chunk: unknown, ...args: unknown[]) => {
    collect(chunk, args[0]);
    callbackOf(args)?.();
    return true;
  }) as typeof response.write;
  response.end = ((...args: unknown[]) => {
    collect(args[0], args[1]);
    Object.assign(response, { write, end });
    const callback = callbackOf(args);
    if (callback !== undefined) response.once('finish', callback);
    release(Buffer.concat(chunks));
    return response;
  }) as typeof response.end;
}

/** Sends a body in pieces, each of which leaves as its own packet. */
export async function sendInPieces(response: Response, body: Buffer, size: number): Promise<void> {
  response.socket?.setNoDelay(true);
  for (let start = 0; start < body.length && !response.destroyed; start += size) {
    await new Promise<void>((resolve) => response.write(body.subarray(start, start + size), () => setImmediate(resolve)));
  }
  response.end();
}
