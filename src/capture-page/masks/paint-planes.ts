import type { DisplayGeometry } from '../../shared/display';

/** A frame's pixels: luma for each, chroma for every second one across and down, in planes of their own (I420) or in pairs (NV12). */
export interface Planes {
  readonly format: 'I420' | 'NV12';
  readonly pixels: Uint8Array;
  readonly layout: readonly { readonly offset: number; readonly stride: number }[];
}

export interface Ink {
  readonly width: number;
  readonly height: number;
  /** 0 to 255, row by row. */
  readonly ink: Uint8Array;
}

const GREY = 110;
const LETTER = 210;
const NO_COLOUR = 128;

/** Covers areas, which begin and end on even pixels or at the frame's edge, with grey, and writes the label into each that it fits in. */
export function paintPlanes(
  { format, pixels, layout }: Planes,
  size: { readonly width: number; readonly height: number },
  areas: readonly DisplayGeometry[],
  word: Ink,
): void {
  const [luma, ...chroma] = layout;
  const bytesAcross = format === 'NV12' ? 2 : 1;
  for (const area of areas) {
    fill(pixels, luma!, area, GREY);
    const half = halved(area, size);
    for (const plane of chroma) fill(pixels, plane, { ...half, x: half.x * bytesAcross, width: half.width * bytesAcross }, NO_COLOUR);
  }
  for (const area of areas) write(pixels, luma!, area, word);
}

function halved({ x, y, width, height }: DisplayGeometry, size: { readonly width: number; readonly height: number }): DisplayGeometry {
  const left = Math.floor(x / 2);
  const top = Math.floor(y / 2);
  const right = Math.min(Math.ceil((x + width) / 2), Math.ceil(size.width / 2));
  const bottom = Math.min(Math.ceil((y + height) / 2), Math.ceil(size.height / 2));
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function fill(pixels: Uint8Array, plane: Planes['layout'][number], { x, y, width, height }: DisplayGeometry, value: number): void {
  for (let row = y; row < y + height; row += 1) {
    const start = plane.offset + row * plane.stride + x;
    pixels.fill(value, start, start + width);
  }
}

function write(pixels: Uint8Array, plane: Planes['layout'][number], area: DisplayGeometry, { width, height, ink }: Ink): void {
  if (area.width < width || area.height < height) return;
  const left = area.x + Math.floor((area.width - width) / 2);
  const top = area.y + Math.floor((area.height - height) / 2);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const amount = ink[row * width + column]! / 255;
      if (amount === 0) continue;
      const at = plane.offset + (top + row) * plane.stride + left + column;
      pixels[at] = Math.round(pixels[at]! * (1 - amount) + LETTER * amount);
    }
  }
}
