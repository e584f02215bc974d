import { SystemClock } from '../../../src/lib/clock';

const THIRTY_DAYS_MS = 30 * 86_400_000;

describe('the system clock', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('waits longer than a timer can hold', () => {
    let calls = 0;
    new SystemClock().after(THIRTY_DAYS_MS, () => (calls += 1));
    jest.advanceTimersByTime(THIRTY_DAYS_MS - 1);
    expect(calls).toBe(0);
    jest.advanceTimersByTime(1);
    expect(calls).toBe(1);
    jest.advanceTimersByTime(THIRTY_DAYS_MS * 2);
    expect(calls).toBe(1);
  });

  it('takes a long wait back at any time', () => {
    let calls = 0;
    const timer = new SystemClock().after(THIRTY_DAYS_MS, () => (calls += 1));
    jest.advanceTimersByTime(THIRTY_DAYS_MS - 1);
    timer.cancel();
    jest.advanceTimersByTime(THIRTY_DAYS_MS);
    expect(calls).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});
