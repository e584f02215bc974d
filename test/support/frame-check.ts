import { isNear, type RecordedFrame } from './recorded-frames';

/** What was on the screen from a moment on (epoch milliseconds): colours from left to right. */
export interface Painted {
  readonly at: number;
  readonly colours: readonly number[];
}

/** From the screen to the video; a machine that is busy takes its time. */
const TOLERANCE_MS = 700;
/** Of 255; as `isNear`. */
const NEAR = 40;

/**
 * The frames (at epoch milliseconds) that show what was not on the screen when they were taken. Every frame is looked at, each part of its
 * picture by itself; about a change it may show the pictures before and after it, or be on the way from one to the other.
 */
export function wrongFrames(frames: readonly RecordedFrame[], painted: readonly Painted[]): readonly RecordedFrame[] {
  return frames.filter(({ at, colours }) => {
    const possible = painted.filter(
      (shown, index) => shown.at <= at + TOLERANCE_MS && (painted[index + 1]?.at ?? Infinity) >= at - TOLERANCE_MS,
    );
    return !colours.every((colour, column) =>
      isBetween(
        colour,
        possible.map((shown) => shown.colours[column]!),
      ),
    );
  });
}

/** What stood on the screen long enough between two moments, and no frame shows. */
export function missedPictures(
  frames: readonly RecordedFrame[],
  painted: readonly Painted[],
  from: number,
  to: number,
): readonly Painted[] {
  return painted.filter((shown, index) => {
    const [begin, end] = [Math.max(shown.at, from), Math.min(painted[index + 1]?.at ?? to, to)];
    if (end - begin < 2 * TOLERANCE_MS) return false;
    return !frames.some(({ at, colours }) => at >= begin - TOLERANCE_MS && at <= end + TOLERANCE_MS && isShown(colours, shown));
  });
}

function isShown(colours: readonly number[], shown: Painted): boolean {
  return shown.colours.every((colour, column) => isNear(colours[column]!, colour));
}

function isBetween(colour: number, ends: readonly number[]): boolean {
  return [16, 8, 0].every((shift) => {
    const [part, ...parts] = [colour, ...ends].map((value) => (value >> shift) & 0xff);
    return part! > Math.min(...parts) - NEAR && part! < Math.max(...parts) + NEAR;
  });
}
