import fc from 'fast-check';
import { CaptureTime } from '../../../src/capture-page/masks/capture-time';

describe('the earliest time of a frame’s capture', () => {
  it('is never later than the capture, and never falls back, while stamps are those of the capture', () => {
    const frames = fc.array(fc.tuple(fc.nat(2000), fc.nat(800)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(fc.nat(100_000), fc.integer({ min: -1e9, max: 1e9 }), frames, (askedAt, offset, steps) => {
        const time = new CaptureTime(askedAt);
        let captured = askedAt;
        let received = askedAt;
        let before = askedAt;
        for (const [step, delay] of steps) {
          captured += step;
          received = Math.max(received, captured + delay);
          const earliest = time.earliest(captured * 1000 + offset, received);
          expect(earliest).toBeLessThanOrEqual(captured + 0.001);
          expect(earliest).toBeGreaterThanOrEqual(before);
          before = earliest;
        }
      }),
    );
  });

  it('comes near the capture', () => {
    const time = new CaptureTime(1000);
    time.earliest(0, 1300);
    expect(time.earliest(5_000_000, 6310)).toBe(6000);
  });

  it('does not follow stamps that lie in the future', () => {
    const time = new CaptureTime(1000);
    time.earliest(0, 1100);
    expect(time.earliest(900_000_000, 1200)).toBe(1000);
    expect(time.earliest(900_200_000, 1400)).toBe(1200);
  });
});
