import type { Response } from 'express';

/**
 * Keeps the whole answer's body back until it is complete, then hands it over instead of sending it. Head and status are not sent
 * either, and the head loses its `Content-Length`, so that the body may become another.
 */
export function holdAnswer(response: Response, release: (body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const { write, end, writeHead } = response;
  const collect = (chunk: unknown, encoding: unknown): void => {
    if (typeof chunk === 'string') chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8'));
    else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  response.writeHead = ((status: number, ...rest: readonly unknown[]) => {
    response.statusCode = status;
    setHeaders(response, rest.at(-1));
    return response;
  }) as typeof response.writeHead;
  response.flushHeaders = () => undefined;
  response.write = ((chunk: unknown, ...rest: readonly unknown[]) => {
    collect(chunk, rest[0]);
    callbackIn(rest)?.();
    return true;
  }) as typeof response.write;
  response.end = ((...rest: readonly unknown[]) => {
    collect(rest[0], rest[1]);
    Object.assign(response, { write, end, writeHead });
    const callback = callbackIn(rest);
    if (callback !== undefined) response.once('finish', callback);
    response.removeHeader('Content-Length');
    release(Buffer.concat(chunks));
    return response;
  }) as typeof response.end;
}

function callbackIn(rest: readonly unknown[]): (() => void) | undefined {
  return rest.find((argument): argument is () => void => typeof argument === 'function');
}

/** Headers as `writeHead` takes them: an object, or a flat list of names and values. */
function setHeaders(response: Response, headers: unknown): void {
  if (Array.isArray(headers)) {
    const flat = headers.flat() as readonly string[];
    for (let index = 0; index + 1 < flat.length; index += 2) response.appendHeader(flat[index] ?? '', flat[index + 1] ?? '');
  } else if (typeof headers === 'object' && headers !== null) {
    for (const [name, value] of Object.entries(headers as Record<string, string>)) response.setHeader(name, value);
  }
}
