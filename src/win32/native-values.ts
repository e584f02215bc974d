import type { Area } from '../masks/areas';

/** A `RECT`: left, top, right, bottom. */
export function readArea(bytes: Buffer, offset = 0): Area {
  const [x, y] = [bytes.readInt32LE(offset), bytes.readInt32LE(offset + 4)];
  return { x, y, width: bytes.readInt32LE(offset + 8) - x, height: bytes.readInt32LE(offset + 12) - y };
}

/** @param read writes the text and returns its length. `undefined` for one that may have been cut off */
export function readText(letters: number, read: (text: Buffer) => number): string | undefined {
  const text = Buffer.alloc(2 * letters);
  const length = read(text);
  return length >= letters - 1 ? undefined : text.toString('utf16le', 0, 2 * length);
}
