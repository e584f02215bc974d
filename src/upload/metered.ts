import { Readable } from 'node:stream';
import { delay, type Clock } from '../lib/clock';

export interface Meter {
  /** 0 = no limit; asked for each piece, since it may change on the way */
  readonly kilobitsPerSecond: () => number;
  readonly clock: Clock;
  /** Where the bytes begin within the whole. */
  readonly offset: number;
  /** Bytes of the whole that were handed on. */
  readonly onProgress: (sent: number) => void;
}

/** A limited stream is let through in pieces of so many milliseconds, so that it flows instead of jerking. */
const PIECE_MS = 50;
const MIN_PIECE_BYTES = 512;

/** The same bytes, counted, and no faster than the limit. */
export function metered(source: Readable, meter: Meter): Readable {
  return Readable.from(pace(source, meter), { objectMode: false });
}

async function* pace(source: Readable, { kilobitsPerSecond, clock, offset, onProgress }: Meter): AsyncGenerator<Buffer> {
  let passed = 0;
  let allowedAt = clock.steady();
  for await (const chunk of source as AsyncIterable<Buffer>) {
    for (let at = 0, pieceBytes: number; at < chunk.length; at += pieceBytes) {
      const bytesPerMs = kilobitsPerSecond() / 8;
      pieceBytes = bytesPerMs === 0 ? Infinity : Math.max(MIN_PIECE_BYTES, Math.floor(bytesPerMs * PIECE_MS));
      const piece = chunk.subarray(at, at + pieceBytes);
      if (bytesPerMs > 0) {
        const pieceMs = pieceBytes / bytesPerMs;
        // A late timer is made up for; the time of a line that stood still is not, or all of it would go out at once.
        allowedAt = Math.max(allowedAt, clock.steady() - pieceMs);
        await untilAllowed(clock, allowedAt);
        allowedAt += piece.length / bytesPerMs;
      }
      yield piece;
      passed += piece.length;
      onProgress(offset + passed);
    }
  }
}

async function untilAllowed(clock: Clock, time: number): Promise<void> {
  const wait = time - clock.steady();
  if (wait > 0) await delay(clock, wait);
}

/** So many bytes from the start; what comes after is not read. */
export function firstBytes(source: Readable, length: number | undefined): Readable {
  return length === undefined ? source : Readable.from(take(source, length), { objectMode: false });
}

async function* take(source: Readable, length: number): AsyncGenerator<Buffer> {
  let left = length;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
