import { endsWithin, withDeadline } from '../../../src/lib/deadline';
import { AppError } from '../../../src/shared/errors';
import { FakeClock, settle } from '../../fakes/fake-clock';

const LATE = new Error('too late');
const tooLate = (): Error => LATE;
const never = (): Promise<never> => new Promise(() => undefined);

/** Ends with `aborted` as soon as its signal fires. */
function heeding(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new AppError('aborted', 'given up'))));
}

describe('withDeadline', () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });
  afterEach(() => {
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives what the task gives, and leaves no timer', async () => {
    await expect(withDeadline(clock, { ms: 10, tooLate }, async () => 'done')).resolves.toBe('done');
  });

  it.each([
    ['a task that ignores its signal', never, 0],
    ['a task that heeds its signal', heeding, 0],
    ['a task that heeds it, within the grace', heeding, 5],
  ])('throws when the time is over: %s', async (_what, task, graceMs) => {
    const result = withDeadline(clock, { ms: 10, tooLate, graceMs }, task).catch((error: unknown) => error);
    await clock.advance(10);
    expect(await result).toBe(LATE);
  });

  it('leaves a task that ignores its signal behind after the grace, not before', async () => {
    let error: unknown;
    void withDeadline(clock, { ms: 10, tooLate, graceMs: 5 }, never).catch((thrown: unknown) => (error = thrown));
    await clock.advance(14);
    expect(error).toBeUndefined();
    await clock.advance(1);
    expect(error).toBe(LATE);
  });

  it.each([
    ['before it began', true],
    ['while it ran', false],
  ])('hands on that the caller gave up %s, and still ends a task that ignores it', async (_when, isBefore) => {
    const caller = new AbortController();
    if (isBefore) caller.abort('enough');
    let seen: AbortSignal | undefined;
    const result = withDeadline(clock, { ms: 10, tooLate, parent: caller.signal }, (signal) => {
      seen = signal;
      return never();
    }).catch((error: unknown) => error);
    if (!isBefore) caller.abort('enough');
    expect(seen?.reason).toBe('enough');
    await clock.advance(10);
    expect(await result).toBe(LATE);
  });

  it('throws the task’s own error when that comes first', async () => {
    const own = new Error('own');
    await expect(withDeadline(clock, { ms: 10, tooLate }, () => Promise.reject(own))).rejects.toBe(own);
  });
});

describe('endsWithin', () => {
  it('tells whether the task ended in time, and hands on its error', async () => {
    const clock = new FakeClock();
    await expect(endsWithin(clock, 10, Promise.resolve())).resolves.toBe(true);
    await expect(endsWithin(clock, 10, Promise.reject(LATE))).rejects.toBe(LATE);
    const late = endsWithin(clock, 10, never());
    await clock.advance(10);
    await expect(late).resolves.toBe(false);
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });
});
