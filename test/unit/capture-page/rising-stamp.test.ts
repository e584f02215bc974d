import { risingStamp } from '../../../src/capture-page/rising-stamp';

it('is the time a frame came at', () => {
  expect([risingStamp(undefined, 12.3456), risingStamp(12_346, 212.5)]).toEqual([12_346, 212_500]);
});

it('is never in the millisecond of the frame before, whatever comes late', () => {
  let last: number | undefined;
  const milliseconds = [100, 100, 100.2, 150, 120, 150.9, 151, 400].map((at) => {
    last = risingStamp(last, at);
    return Math.floor(last / 1000);
  });
  expect(milliseconds).toEqual([...new Set(milliseconds)].sort((a, b) => a - b));
  expect(milliseconds.at(-1)).toBe(400);
});
