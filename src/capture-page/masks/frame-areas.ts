import type { DisplayGeometry } from '../../shared/display';

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Around every area, in pixels of the frame. Scaling smears over the edge; a frame as large as its source has every pixel where it is. */
const MARGIN = { scaled: 2, unscaled: 1 } as const;
/** What rounding may do to a side of a frame. */
const ROUNDING = 2;

/** Whether a frame shows the whole of its source and nothing else: otherwise nobody knows what lies where in it. */
export function isWholeSource({ width, height }: FrameSize, source: FrameSize): boolean {
  return Math.abs(width * source.height - height * source.width) <= ROUNDING * Math.max(source.width, source.height);
}

/** An area of the desktop in a frame of the source: with a margin, on even pixels (chroma is kept for every second one), within the frame. */
export function toFrameArea(area: DisplayGeometry, source: DisplayGeometry, { width, height }: FrameSize): DisplayGeometry {
  const across = width / source.width;
  const down = height / source.height;
  const margin = across === 1 && down === 1 ? MARGIN.unscaled : MARGIN.scaled;
  const left = evenBelow((area.x - source.x) * across - margin);
  const top = evenBelow((area.y - source.y) * down - margin);
  const right = evenAbove((area.x + area.width - source.x) * across + margin);
  const bottom = evenAbove((area.y + area.height - source.y) * down + margin);
  const [x, y] = [Math.max(0, left), Math.max(0, top)];
  return { x, y, width: Math.max(0, Math.min(width, right) - x), height: Math.max(0, Math.min(height, bottom) - y) };
}

function evenBelow(value: number): number {
  return Math.floor(value / 2) * 2;
}

function evenAbove(value: number): number {
  return Math.ceil(value / 2) * 2;
}
