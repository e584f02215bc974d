/** The container counts in milliseconds: two frames closer than that would have one time. */
const LEAST_APART = 1000;

/** The time stamp of the next frame, in microseconds. @param last of the one before @param at when it came, in milliseconds */
export function risingStamp(last: number | undefined, at: number): number {
  const stamp = Math.round(at * 1000);
  return last === undefined ? stamp : Math.max(last + LEAST_APART, stamp);
}
