import { promisify } from 'node:util';
import { constants, crc32, deflate } from 'node:zlib';
import type { ScreenImage } from '../x11/screen-image';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const BITS_PER_SAMPLE = 8;
const TRUE_COLOUR = 2;

/** A picture of the screen as PNG (PNG specification, third edition: one IDAT chunk, no filter). */
export async function encodePng(image: ScreenImage): Promise<Buffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(image.width, 0);
  header.writeUInt32BE(image.height, 4);
  header.writeUInt8(BITS_PER_SAMPLE, 8);
  header.writeUInt8(TRUE_COLOUR, 9);
  const rows = await promisify(deflate)(scanlines(image), { level: constants.Z_BEST_SPEED });
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

/** Each row begins with its filter type, none. */
function scanlines({ width, height, pixels }: ScreenImage): Buffer {
  const lines = Buffer.alloc(height * (1 + width * 3));
  let to = 0;
  for (let from = 0; from < pixels.length; from += 4) {
    if (from % (width * 4) === 0) to += 1;
    lines[to] = pixels[from + 2]!;
    lines[to + 1] = pixels[from + 1]!;
    lines[to + 2] = pixels[from]!;
    to += 3;
  }
  return lines;
}

function chunk(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
