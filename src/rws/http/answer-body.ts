import type { Readable } from 'node:stream';
import { isRwsError, RwsError } from '../../shared/rws-error';
import type { ExchangeWatch } from './exchange-watch';

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
/** These mean different things by what the body says, and one of them that a local file is deleted. */
const AMBIGUOUS_HTTP = new Set([401, 403, 409]);

/** Whoever refuses a body while it is being sent (413, say) resets the connection, and with it often the rest of the answer. */
function isClearByItself(status: number): boolean {
  return status >= 400 && !AMBIGUOUS_HTTP.has(status);
}

/** What a server that refuses early has to say comes at once, or not at all; meanwhile the file goes on being sent for nothing. */
const EARLY_BODY_MS = 2000;

/** The bytes of an answer's body, each piece counted as a sign of life. */
export async function readAnswerBody(
  stream: Readable,
  watch: ExchangeWatch,
  { server, status, isSent }: { readonly server: string; readonly status: number; readonly isSent: boolean },
): Promise<Buffer> {
  const isEarly = !isSent && isClearByItself(status);
  const onAbort = (): void => void stream.destroy(new Error('aborted'));
  const patience = isEarly ? watch.after(EARLY_BODY_MS, onAbort) : undefined;
  watch.signal.addEventListener('abort', onAbort, { once: true });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      watch.touch();
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) {
        throw new RwsError({ kind: 'broken', statusMessage: `${new URL(server).host} sent an answer of over 16 MiB.` });
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    const why = watch.explain();
    const isNetwork = !(error instanceof RwsError) && (why === undefined || isRwsError(why));
    if (!isEarly || !isNetwork) throw error;
    return Buffer.concat(chunks);
  } finally {
    patience?.cancel();
    watch.signal.removeEventListener('abort', onAbort);
  }
}
