import type { Duplex } from 'node:stream';
import { STATUS_CODES, type ServerResponse } from 'node:http';
import { RWS_STATUS } from '../shared/rws-error';
import type { ErrorAnswer } from './schemas';

const ANSWERS: Readonly<Record<string, readonly [httpStatus: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The body is too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long.'],
};

const HEADERS = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };

/** Answers a request whose target is no address at all, which no router could take and no Host could vouch for. */
export function answerUnreadableTarget(response: ServerResponse): void {
  const answer: ErrorAnswer = { statusCode: RWS_STATUS.forbidden, statusMessage: 'The request is not addressed to this service.' };
  response.writeHead(421, { ...HEADERS, Connection: 'close' }).end(JSON.stringify(answer));
}

/**
 * Answers what never became a whole request (no HTTP, too long, too slow) and closes the connection.
 * @param underWay the answer being prepared on this connection, if any: once it has begun, ours must not follow it
 */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex, underWay: ServerResponse | undefined): void {
  if (error.code === 'ECONNRESET' || !socket.writable || underWay?.headersSent === true) {
    socket.destroy();
    return;
  }
  const [httpStatus, statusMessage] = ANSWERS[error.code ?? ''] ?? [400, 'The request is not HTTP.'];
  const body = JSON.stringify({ statusCode: RWS_STATUS.parameterInvalid, statusMessage } satisfies ErrorAnswer);
  const head = [
    `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus] ?? ''}`,
    ...Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
