import { words, XConnection } from './x-connection';

const GET_GEOMETRY = 14;
const GET_IMAGE = 73;
const Z_PIXMAP = 2;
const ALL_PLANES = 0xffffffff;
const REPLY_HEADER_BYTES = 32;
const BYTES_PER_PIXEL = 4;

export interface ScreenImage {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** Rows from the top, four bytes a pixel: blue, green, red, and one without meaning. */
  readonly pixels: Buffer;
}

/**
 * What an X screen shows now, without the pointer. Connects anew each time.
 * @param display such as `:7`; of 24-bit colour in 32-bit pixels, which every server of today has
 */
export async function readScreenImage(display: string): Promise<ScreenImage> {
  const connection = await XConnection.open(display, { onEvent: () => undefined, onLost: () => undefined });
  try {
    const geometry = await connection.request(GET_GEOMETRY, 0, words(connection.root));
    const width = geometry.readUInt16LE(16);
    const height = geometry.readUInt16LE(18);
    const area = Buffer.alloc(8);
    area.writeUInt16LE(width, 4);
    area.writeUInt16LE(height, 6);
    const reply = await connection.request(GET_IMAGE, Z_PIXMAP, Buffer.concat([words(connection.root), area, words(ALL_PLANES)]));
    const pixels = reply.subarray(REPLY_HEADER_BYTES);
    if (pixels.length !== width * height * BYTES_PER_PIXEL) throw new Error('the X server has pixels of another size than 32 bits');
    return { width, height, pixels };
  } finally {
    connection.close();
  }
}
