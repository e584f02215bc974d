import { fullJitter } from '../../../src/lib/backoff';

const LIMITS = { firstMs: 1000, maxMs: 10_000 };

describe('fullJitter', () => {
  it.each([
    [0, 0.999, 999],
    [1, 0.5, 1000],
    [3, 0.5, 4000],
    [10, 0.5, 5000],
    [1_000_000, 0.5, 5000],
    [5, 0, 0],
  ])('attempt %i with random %d waits %i ms', (attempt, random, expected) => {
    expect(fullJitter(attempt, LIMITS, () => random)).toBe(expected);
  });
});
