import type { Request } from 'express';

/**
 * Cuts the socket when so many bytes of the body have come; those before reach whoever reads the body.
 * Has to be called before the first byte is read, so in the same turn as the request came.
 * @param atByte negative counts from the end of the announced length
 */
export function cutRequest(request: Request, atByte: number): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  const limit = Math.max(0, atByte < 0 ? announced + atByte : atByte);
  const cut = (): void => void request.socket.destroy();
  if (limit === 0) {
    cut();
    return;
  }
  const push = request.push.bind(request);
  let seen = 0;
  request.push = (chunk: Uint8Array | null, encoding?: BufferEncoding) => {
    if (chunk === null || seen >= limit) return seen >= limit ? false : push(null);
    const rest = limit - seen;
    seen += chunk.length;
    if (seen < limit) return push(chunk, encoding);
    const isTaken = push(chunk.subarray(0, rest), encoding);
    // Lets the reader take what came before the socket goes.
    setImmediate(cut);
    return isTaken;
  };
}
