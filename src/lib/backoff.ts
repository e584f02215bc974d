/** A random number in [0, 1). */
export type Random = () => number;

export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Full-jitter exponential back-off: uniformly between 0 and `firstMs · 2^attempt`, never over `maxMs`.
 * Spreads a whole floor of agents over the time, so that they do not return at once.
 * @param attempt 0 for the first wait
 */
export function fullJitter(attempt: number, limits: BackoffLimits, random: Random = Math.random): number {
  const ceiling = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(attempt, 30));
  return Math.floor(random() * ceiling);
}
