import { CaptureError } from '../../../src/screen/errors';
import { RecorderBench } from '../../support/recorder-bench';

const crashed = (count: number): CaptureError[] => Array.from({ length: count }, () => new CaptureError('crashed', 'No browser'));

describe('a capture that is to be warm', () => {
  let bench: RecorderBench;
  beforeEach(() => {
    bench = new RecorderBench();
  });

  it('is warmed again after a crash', async () => {
    await bench.recorder.warm();
    bench.capture.lose();
    await bench.clock.advance(1000);
    expect(bench.capture.isWarm).toBe(true);
    expect(bench.problems.raised.size).toBe(0);
  });

  it('is tried again with longer and longer waits, and shown as a problem until it works for a while', async () => {
    bench.capture.warmFailures.push(...crashed(4));
    await bench.recorder.warm();
    for (const [warmings, ms] of [1000, 2000, 5000, 15_000].entries()) {
      expect(bench.problems.raised.has('captureFailed')).toBe(warmings >= 2);
      await bench.clock.advance(ms - 1);
      expect(bench.capture.warmings).toBe(warmings + 1);
      await bench.clock.advance(1);
      expect(bench.capture.warmings).toBe(warmings + 2);
    }
    expect(bench.capture.isWarm).toBe(true);
    await bench.clock.advance(30_000);
    expect(bench.problems.raised.size).toBe(0);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('that comes up and crashes again and again is a problem too', async () => {
    await bench.recorder.warm();
    for (const ms of [1000, 2000, 5000]) {
      bench.capture.lose();
      await bench.clock.advance(ms);
      expect(bench.capture.isWarm).toBe(true);
    }
    expect(bench.problems.raised.get('captureFailed')).toMatchObject({ text: 'The capture page is gone' });
  });

  it('is let alone when nobody wants it any more, and its problem goes', async () => {
    bench.capture.warmFailures.push(...crashed(9));
    await bench.recorder.warm();
    await bench.clock.advance(3000);
    expect(bench.problems.raised.size).toBe(1);
    await bench.recorder.cool();
    expect(bench.problems.raised.size).toBe(0);
    bench.capture.lose();
    await bench.clock.advance(600_000);
    expect(bench.capture.warmings).toBe(3);
    expect(bench.clock.pendingTimers).toBe(0);
  });

  it('does not clear what a recording has shown since', async () => {
    bench.capture.warmFailures.push(...crashed(3));
    await bench.recorder.warm();
    await bench.clock.advance(3000);
    bench.capture.failures.push(new CaptureError('encoder', 'No codec'));
    await bench.command('start');
    await bench.clock.advance(60_000);
    expect(bench.capture.isWarm).toBe(true);
    expect(bench.problems.raised.get('captureFailed')).toMatchObject({ text: 'No codec' });
  });
});
