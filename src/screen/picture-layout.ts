import type { PageDraw } from '../shared/capture-contract';
import type { DisplayGeometry } from '../shared/display';
import type { CaptureDisplay } from './page-port';

export interface PictureLayout {
  readonly picture: { readonly width: number; readonly height: number };
  readonly draws: readonly PageDraw[];
  /** What has to be opened, in pixels of the picture's scale. */
  readonly sources: readonly { readonly source: string; readonly width: number; readonly height: number }[];
  readonly displays: readonly DisplayGeometry[];
  /** The desk is larger than the encoder takes: the picture was made smaller than it was asked for. */
  readonly isShrunk: boolean;
}

/**
 * What H.264 allows at its highest level (5.2, table A-1): 36 864 macroblocks of 16 × 16 pixels, such as 4096 × 2304, and no side above
 * √(8 × 36 864) of them. Measured with Chromium 156: one macroblock row more is refused, and a side of 9600 kills the page.
 */
const MACROBLOCK = 16;
const MAX_MACROBLOCKS = 36_864;
const MAX_SIDE = 543 * MACROBLOCK;

export interface PictureLimits {
  readonly displays: 'all' | 'primary';
  /** Pixels per display, 0 = no limit. */
  readonly maxWidth: number;
  readonly maxHeight: number;
}

/**
 * Lays the displays out as they stand on the desk, in one picture. One scale for all, so that they keep their place: the largest
 * with which every display stays within its limits, and all of them within the encoder's. Sides are even, as H.264 wants them.
 */
export function layOutPicture(all: readonly CaptureDisplay[], limits: PictureLimits): PictureLayout {
  const shown = limits.displays === 'primary' ? [all.find((display) => display.isPrimary) ?? all[0]!] : all;
  const displays = shown.map((display) => display.geometry);
  const desk = boundingBox(displays);
  const wantedScale = Math.min(1, ...displays.map((display) => scaleWithin(display, limits)));
  const scale = encodableScale(desk, wantedScale);
  const picture = { width: even(desk.width * scale), height: even(desk.height * scale) };
  const toPicture = (area: DisplayGeometry): DisplayGeometry => inPicture(area, desk, picture);
  const sources = shown.map(sourceOf);
  const isOneSource = sources.every((source) => source.id === sources[0]!.id);
  const draws = isOneSource
    ? [{ source: sources[0]!.id, from: fractionOf(desk, sources[0]!.geometry), to: { x: 0, y: 0, ...picture } }]
    : shown.map((display, index) => ({
        source: sources[index]!.id,
        from: fractionOf(display.geometry, sources[index]!.geometry),
        to: toPicture(display.geometry),
      }));
  const wanted = new Map(sources.map(({ id, geometry }) => [id, geometry]));
  return {
    picture,
    draws,
    sources: [...wanted].map(([source, { width, height }]) => ({
      source,
      width: Math.round(width * scale),
      height: Math.round(height * scale),
    })),
    displays,
    isShrunk: scale < wantedScale,
  };
}

export function sourceOf(display: CaptureDisplay): { readonly id: string; readonly geometry: DisplayGeometry } {
  return display.source ?? { id: display.id, geometry: display.geometry };
}

function scaleWithin(display: DisplayGeometry, limits: PictureLimits): number {
  const width = limits.maxWidth > 0 ? limits.maxWidth / display.width : 1;
  const height = limits.maxHeight > 0 ? limits.maxHeight / display.height : 1;
  return Math.min(width, height);
}

function encodableScale(desk: DisplayGeometry, wanted: number): number {
  let scale = Math.min(wanted, MAX_SIDE / desk.width, MAX_SIDE / desk.height);
  const blocks = (pixels: number): number => Math.ceil(even(pixels * scale) / MACROBLOCK);
  const pixels = MAX_MACROBLOCKS * MACROBLOCK * MACROBLOCK;
  if (blocks(desk.width) * blocks(desk.height) > MAX_MACROBLOCKS) scale = Math.min(scale, Math.sqrt(pixels / (desk.width * desk.height)));
  while (blocks(desk.width) * blocks(desk.height) > MAX_MACROBLOCKS) scale *= 0.999;
  return scale;
}

function boundingBox(areas: readonly DisplayGeometry[]): DisplayGeometry {
  const x = Math.min(...areas.map((area) => area.x));
  const y = Math.min(...areas.map((area) => area.y));
  const right = Math.max(...areas.map((area) => area.x + area.width));
  const bottom = Math.max(...areas.map((area) => area.y + area.height));
  return { x, y, width: right - x, height: bottom - y };
}

function inPicture(area: DisplayGeometry, desk: DisplayGeometry, picture: { width: number; height: number }): DisplayGeometry {
  const horizontal = picture.width / desk.width;
  const vertical = picture.height / desk.height;
  const x = Math.round((area.x - desk.x) * horizontal);
  const y = Math.round((area.y - desk.y) * vertical);
  return {
    x,
    y,
    width: Math.round((area.x - desk.x + area.width) * horizontal) - x,
    height: Math.round((area.y - desk.y + area.height) * vertical) - y,
  };
}

function fractionOf(part: DisplayGeometry, whole: DisplayGeometry): DisplayGeometry {
  return {
    x: (part.x - whole.x) / whole.width,
    y: (part.y - whole.y) / whole.height,
    width: part.width / whole.width,
    height: part.height / whole.height,
  };
}

function even(pixels: number): number {
  return Math.max(2, Math.floor(pixels / 2 + 1e-6) * 2);
}
