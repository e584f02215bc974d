import fc from 'fast-check';
import { isWholeSource, toFrameArea } from '../../../src/capture-page/masks/frame-areas';

const source = fc.record({
  x: fc.integer({ min: -4000, max: 4000 }),
  y: fc.integer({ min: -4000, max: 4000 }),
  width: fc.integer({ min: 64, max: 7680 }),
  height: fc.integer({ min: 64, max: 4320 }),
});
const inSource = fc.record({
  across: fc.double({ min: -0.5, max: 1.5, noNaN: true }),
  down: fc.double({ min: -0.5, max: 1.5, noNaN: true }),
});

describe('an area of the desktop in a frame', () => {
  it('holds every pixel of it that the frame shows, at any scale, and little else', () => {
    fc.assert(
      fc.property(source, inSource, inSource, fc.double({ min: 0.1, max: 1, noNaN: true }), (shown, one, other, scale) => {
        const frame = { width: Math.round(shown.width * scale), height: Math.round(shown.height * scale) };
        const [left, right] = [one.across, other.across].sort((a, b) => a - b).map((part) => Math.round(shown.x + part * shown.width));
        const [top, bottom] = [one.down, other.down].sort((a, b) => a - b).map((part) => Math.round(shown.y + part * shown.height));
        const area = { x: left!, y: top!, width: right! - left!, height: bottom! - top! };
        const found = toFrameArea(area, shown, frame);
        const inFrame = (x: number, y: number): readonly [number, number] => [
          ((x - shown.x) * frame.width) / shown.width,
          ((y - shown.y) * frame.height) / shown.height,
        ];
        const [first, last] = [inFrame(area.x, area.y), inFrame(right!, bottom!)];
        if (found.width === 0 || found.height === 0) {
          const isOutside = last[0] <= 0 || last[1] <= 0 || first[0] >= frame.width || first[1] >= frame.height;
          expect(isOutside).toBe(true);
          return;
        }
        const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));
        expect(found.x).toBeLessThanOrEqual(within(first[0], frame.width));
        expect(found.y).toBeLessThanOrEqual(within(first[1], frame.height));
        expect(found.x + found.width).toBeGreaterThanOrEqual(within(last[0], frame.width));
        expect(found.y + found.height).toBeGreaterThanOrEqual(within(last[1], frame.height));
        expect(found.x).toBeGreaterThanOrEqual(Math.max(0, first[0] - 4));
        expect(found.x + found.width).toBeLessThanOrEqual(within(last[0] + 4, frame.width));
        expect(found.x % 2).toBe(0);
        expect(found.y % 2).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });
});

it.each([
  [{ width: 1920, height: 1080 }, { width: 1920, height: 1080 }, true],
  [{ width: 1366, height: 768 }, { width: 683, height: 384 }, true],
  [{ width: 1366, height: 768 }, { width: 160, height: 90 }, true],
  [{ width: 1920, height: 1200 }, { width: 1920, height: 1080 }, false],
  [{ width: 1080, height: 1920 }, { width: 1920, height: 1080 }, false],
])('a display of %j is shown whole by a frame of %j: %j', (shown, frame, isWhole) => expect(isWholeSource(frame, shown)).toBe(isWhole));
