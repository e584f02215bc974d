import { SeededRandom } from '../../../simulation/random';
import { riseOf, type Series } from '../../../../scripts/chaos/parts/trend';

/** A sample a minute for an hour, with noise of ±5. */
function series(valueAt: (minute: number) => number, count = 60): Series {
  const random = new SeededRandom(1);
  const samples = Array.from({ length: count }, (_, minute) => ({ at: minute * 60_000, value: valueAt(minute) + random.between(-5, 5) }));
  return { name: 'memory', mayRise: 8, samples };
}

describe('what rises in the second half', () => {
  it.each<[string, Series]>([
    ['a level', series(() => 100)],
    ['a rise that is over by the middle', series((minute) => Math.min(minute, 25) * 10)],
    ['single high samples', series((minute) => (minute % 6 === 0 ? 1000 : 100))],
    ['a fall', series((minute) => 200 - minute)],
    ['high samples at the end', series((minute) => (minute > 55 ? 500 : 100))],
  ])('is nothing with %s', (_name, flat) => expect(riseOf(flat)).toBeUndefined());

  it.each<[string, Series]>([
    ['a steady rise', series((minute) => 100 + minute)],
    ['a rise with single low samples', series((minute) => (minute % 6 === 0 ? 0 : 100 + minute))],
    ['a rise that begins late', series((minute) => 100 + Math.max(0, minute - 30) * 2)],
  ])('is told of %s', (_name, rising) => expect(riseOf(rising)).toMatch(/^memory rose by \d+\.\d in the second half; 8 is allowed$/));

  it('is not known from a few samples', () =>
    expect(() => riseOf(series(() => 100, 10))).toThrow(/5 samples in the second half; 6 are the least/));
});
