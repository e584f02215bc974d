import { XConnection } from '../../../src/x11/x-connection';

const GET_GEOMETRY = 14;
const GET_IMAGE = 73;
const Z_PIXMAP = 2;

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a screen shows at one moment; red, green, blue, a byte each. */
export class ScreenPicture {
  constructor(
    readonly width: number,
    readonly height: number,
    readonly rgb: Buffer,
  ) {}

  /** 0xrrggbb */
  at(x: number, y: number): number {
    return this.rgb.readUIntBE((y * this.width + x) * 3, 3);
  }

  cut({ x, y, width, height }: Area): ScreenPicture {
    const rows = Array.from({ length: height }, (_, row) => {
      const start = ((y + row) * this.width + x) * 3;
      return this.rgb.subarray(start, start + width * 3);
    });
    return new ScreenPicture(width, height, Buffer.concat(rows));
  }
}

/** The smallest area that holds everything in which two pictures of one screen differ; `undefined` when they are the same. */
export function changedArea(before: ScreenPicture, now: ScreenPicture): Area | undefined {
  let [left, top, right, bottom] = [now.width, now.height, -1, -1];
  for (let y = 0; y < now.height; y += 1) {
    const row = y * now.width * 3;
    if (before.rgb.compare(now.rgb, row, row + now.width * 3, row, row + now.width * 3) === 0) continue;
    for (let x = 0; x < now.width; x += 1) {
      if (before.at(x, y) === now.at(x, y)) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), y];
    }
  }
  return right < 0 ? undefined : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Takes a picture of the whole X display. */
export async function takePicture(display: string): Promise<ScreenPicture> {
  const x = await XConnection.open(display, { onEvent: () => undefined, onLost: () => undefined });
  try {
    const root = Buffer.alloc(4);
    root.writeUInt32LE(x.root);
    const geometry = await x.request(GET_GEOMETRY, 0, root);
    const [width, height] = [geometry.readUInt16LE(16), geometry.readUInt16LE(18)];
    const area = Buffer.alloc(12);
    area.writeUInt16LE(width, 4);
    area.writeUInt16LE(height, 6);
    area.writeUInt32LE(0xffffffff, 8);
    const reply = await x.request(GET_IMAGE, Z_PIXMAP, Buffer.concat([root, area]));
    return new ScreenPicture(width, height, toRgb(reply.subarray(32), width * height));
  } finally {
    x.close();
  }
}

/** From blue, green, red and a byte of nothing. */
function toRgb(bgrx: Buffer, pixels: number): Buffer {
  const rgb = Buffer.alloc(pixels * 3);
  for (let i = 0; i < pixels; i += 1) {
    rgb[i * 3] = bgrx[i * 4 + 2]!;
    rgb[i * 3 + 1] = bgrx[i * 4 + 1]!;
    rgb[i * 3 + 2] = bgrx[i * 4]!;
  }
  return rgb;
}
