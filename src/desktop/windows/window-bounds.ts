import type { Rectangle } from 'electron';
import { z } from 'zod';

export const windowBoundsSchema = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) });

export const MINIMUM_SIZE = { width: 360, height: 420 } as const;
const DEFAULT_SIZE = { width: 520, height: 680 } as const;
/** So much of a remembered window has to be on a display for it to be found again. */
const MIN_VISIBLE = 80;

/** Where the window opens: where it was, if that is still on a display; else centred at its default size, never larger than the display. */
export function placeWindow(
  remembered: Rectangle | undefined,
  workAreas: readonly Rectangle[],
): Partial<Rectangle> & { readonly width: number; readonly height: number } {
  const isFound = (area: Rectangle, { x, y, width }: Rectangle): boolean =>
    Math.min(x + width, area.x + area.width) - Math.max(x, area.x) >= MIN_VISIBLE && y >= area.y && y <= area.y + area.height - MIN_VISIBLE;
  const area = workAreas.find((candidate) => remembered !== undefined && isFound(candidate, remembered));
  if (remembered !== undefined && area !== undefined) {
    return {
      x: remembered.x,
      y: remembered.y,
      width: Math.max(MINIMUM_SIZE.width, Math.min(remembered.width, area.width)),
      height: Math.max(MINIMUM_SIZE.height, Math.min(remembered.height, area.height)),
    };
  }
  const first = workAreas[0];
  return {
    width: Math.min(DEFAULT_SIZE.width, first?.width ?? DEFAULT_SIZE.width),
    height: Math.min(DEFAULT_SIZE.height, first?.height ?? DEFAULT_SIZE.height),
  };
}
