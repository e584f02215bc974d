import { formatBytes, formatElapsed, formatSpan } from '../../../src/shared/format';

it.each([
  [0, '0 byte'],
  [999, '999 byte'],
  [1_500, '1.5 kB'],
  [12_300_000, '12 MB'],
  [1_250_000_000, '1.3 GB'],
  [9_990_000_000_000_000, '9,990 TB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes, 'en')).toBe(text);
});

it.each([
  [-5_000, '0:00'],
  [61_999, '1:01'],
  [3_723_000, '1:02:03'],
])('%i ms have the clock show %s', (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});

it.each([
  [400, 'en', '0 sec'],
  [59_000, 'en', '59 sec'],
  [3_500_000, 'en', '58 min'],
  [7_300_000, 'en', '2 hr'],
  [60_000, 'ja', '1 分'],
])('%i ms in %s are %s', (ms, locale, text) => {
  expect(formatSpan(ms, locale)).toBe(text);
});
