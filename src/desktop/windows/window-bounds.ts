import type { Rectangle } from 'electron';
import * as z from 'zod';

export const windowBoundsSchema = z.object({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) });

export const MINIMUM_SIZE = { width: 360, height: 420 } as const;
const DEFAULT_SIZE = { width: 520, height: 680 } as const;
/** So much of a remembered window has to be on a display for it to be found again. */
const MIN_VISIBLE = 80;

/** What the window manager puts around a window. */
export interface Frame {
  readonly width: number;
  readonly height: number;
}

/** On X11 a window's size is without its frame, whose size nobody knows before it is shown: enough for the usual ones. */
const X11_FRAME: Frame = { width: 16, height: 48 };
const NO_FRAME: Frame = { width: 0, height: 0 };

/** What has to be left free around a window of the given size. Elsewhere than on Linux the frame is part of the size. */
export function frameAround(platform: NodeJS.Platform): Frame {
  return platform === 'linux' ? X11_FRAME : NO_FRAME;
}

/**
 * Where the window opens: where it was, if that is still on a display; else at its default size where the system puts it. With its frame it
 * is never larger than the display's work area.
 */
export function placeWindow(
  remembered: Rectangle | undefined,
  workAreas: readonly Rectangle[],
  frame: Frame = NO_FRAME,
): Partial<Rectangle> & { readonly width: number; readonly height: number } {
  const isFound = (area: Rectangle, { x, y, width }: Rectangle): boolean =>
    Math.min(x + width, area.x + area.width) - Math.max(x, area.x) >= MIN_VISIBLE && y >= area.y && y <= area.y + area.height - MIN_VISIBLE;
  const area = workAreas.find((candidate) => remembered !== undefined && isFound(candidate, remembered));
  if (remembered !== undefined && area !== undefined) {
    return {
      x: remembered.x,
      y: remembered.y,
      width: Math.max(MINIMUM_SIZE.width, Math.min(remembered.width, area.width - frame.width)),
      height: Math.max(MINIMUM_SIZE.height, Math.min(remembered.height, area.height - frame.height)),
    };
  }
  const first = workAreas[0];
  return {
    width: first === undefined ? DEFAULT_SIZE.width : Math.min(DEFAULT_SIZE.width, first.width - frame.width),
    height: first === undefined ? DEFAULT_SIZE.height : Math.min(DEFAULT_SIZE.height, first.height - frame.height),
  };
}
