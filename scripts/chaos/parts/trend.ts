/** One quantity over time. */
export interface Series {
  readonly name: string;
  readonly samples: readonly { readonly at: number; readonly value: number }[];
  /** How much it may rise over the second half and count as flat. */
  readonly mayRise: number;
}

/** Fewer say nothing of a trend. */
const FEWEST = 6;

/**
 * What rises in the second half, in one sentence. The rise is the median of the slopes between all pairs of samples (Theil and Sen) times
 * the length: up to a quarter of the samples may be outliers of any size. `undefined`: it is flat. Throws `RangeError` when there are too few.
 */
export function riseOf({ name, samples, mayRise }: Series): string | undefined {
  const half = samples.slice(Math.floor(samples.length / 2));
  const [first, last] = [half[0], half.at(-1)];
  if (half.length < FEWEST || first === undefined || last === undefined)
    throw new RangeError(`${name}: ${half.length} samples in the second half; ${FEWEST} are the least`);
  const rise = medianSlope(half) * (last.at - first.at);
  return rise > mayRise ? `${name} rose by ${rise.toFixed(1)} in the second half; ${mayRise} is allowed` : undefined;
}

function medianSlope(samples: Series['samples']): number {
  const slopes = samples.flatMap((one, index) =>
    samples.slice(index + 1).flatMap((other) => (other.at > one.at ? [(other.value - one.value) / (other.at - one.at)] : [])),
  );
  return median(slopes);
}

export function median(values: readonly number[]): number {
  const inOrder = [...values].sort((a, b) => a - b);
  const middle = Math.floor(inOrder.length / 2);
  const upper = inOrder[middle] ?? NaN;
  return inOrder.length % 2 === 1 ? upper : ((inOrder[middle - 1] ?? NaN) + upper) / 2;
}
