import type { Request } from 'express';

/**
 * Lets only so many bytes of the body reach whoever reads it; then the socket is cut, or stays open unread.
 * Has to be called before the first byte is read, so in the same turn as the request came.
 * @param atByte negative counts from the end of the announced length
 */
export function limitRequest(request: Request, atByte: number, then: 'cut' | 'stall'): void {
  const announced = Number(request.headers['content-length'] ?? 0);
  const limit = Math.max(0, atByte < 0 ? announced + atByte : atByte);
  const stop = then === 'cut' ? cut : stall;
  if (limit === 0) {
    stop(request);
    return;
  }
  const push = request.push.bind(request);
  let seen = 0;
  request.push = (chunk: Uint8Array | null, encoding?: BufferEncoding) => {
    if (seen >= limit) return false;
    if (chunk === null) return push(null);
    const rest = limit - seen;
    seen += chunk.length;
    if (seen < limit) return push(chunk, encoding);
    const mayGoOn = push(chunk.subarray(0, rest), encoding);
    // Lets the reader take what came before the socket goes.
    setImmediate(stop, request);
    return mayGoOn;
  };
}

function cut(request: Request): void {
  request.socket.destroy();
}

/** Reads no more: the client's send buffers fill, and its time-outs have to notice. */
function stall(request: Request): void {
  request._read = () => undefined;
  request.push = () => false;
  request.socket.pause();
}
