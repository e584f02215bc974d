import { toEnvelope, toRwsError } from '../../../src/rws/envelope';

const NOW = Date.UTC(2026, 0, 5, 9, 0, 0);

describe('Retry-After', () => {
  it.each<[string, number | undefined]>([
    ['30', 30_000],
    ['3600', 3_600_000],
    ['2592000', 3_600_000],
    ['9'.repeat(400), 3_600_000],
    ['Mon, 05 Jan 2026 09:01:00 GMT', 60_000],
    ['Tue, 06 Jan 2026 09:00:00 GMT', 3_600_000],
    ['Sun, 04 Jan 2026 09:00:00 GMT', 0],
    ['soon', undefined],
  ])('of %s is %s ms', (header, expected) => {
    const answer = { status: 503, headers: { 'retry-after': header }, bytes: Buffer.alloc(0) };
    expect(toRwsError(answer, NOW)?.retryAfterMs).toBe(expected);
  });
});

describe('the envelope', () => {
  it.each<[unknown, number | undefined]>([
    [0, 0],
    ['7', 7],
    [null, undefined],
    ['', undefined],
    [' ', undefined],
    [false, undefined],
    [[], undefined],
    ['ERROR', undefined],
    [0.5, undefined],
  ])('with statusCode %j has the code %s', (statusCode, expected) => {
    expect(toEnvelope({ statusCode })?.statusCode).toBe(expected);
  });
});
