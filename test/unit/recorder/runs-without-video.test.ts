import { CaptureError } from '../../../src/screen/errors';
import { settle } from '../../fakes/fake-clock';
import { RecorderBench } from '../../support/recorder-bench';

describe('a run that gives a first frame and no slice', () => {
  let bench: RecorderBench;
  beforeEach(async () => {
    bench = new RecorderBench();
    await bench.command('start');
  });

  const crash = async (): Promise<void> => {
    bench.capture.last.end({ code: 'crashed', message: 'The page crashed' });
    await settle();
  };

  it('is started again after a wait that grows, with the problem shown, until a slice comes', async () => {
    await bench.record(1);
    bench.recorder.unlocked();
    await settle();
    for (const wait of [500, 1000, 2000, 5000, 5000]) {
      const runs = bench.capture.runs.length;
      await crash();
      expect(bench.problems.raised.get('captureFailed')).toMatchObject({ text: 'The page crashed' });
      expect(bench.recorder.state().status).toBe('starting');
      await bench.clock.advance(wait - 1);
      expect(bench.capture.runs).toHaveLength(runs);
      await bench.clock.advance(1);
      expect(bench.capture.runs).toHaveLength(runs + 1);
    }
    expect(bench.problems.raised.has('captureFailed')).toBe(true);
    await bench.record(1);
    expect(bench.problems.raised.size).toBe(0);
    expect(bench.events).toEqual(['gap: The page crashed']);
    await crash(); // what gave video is started again at once
    expect(bench.recorder.state()).toMatchObject({ status: 'recording', segment: 8 });
  });

  it('counts as silent when the time for slices is over, and waits longer each time', async () => {
    await bench.clock.advance(5000 + 500 + 5000);
    expect(bench.capture.runs).toHaveLength(2);
    expect(bench.problems.raised.get('captureFailed')).toMatchObject({ text: 'The encoder fell silent' });
    await bench.clock.advance(999);
    expect(bench.capture.runs).toHaveLength(2);
    await bench.clock.advance(1);
    expect(bench.capture.runs).toHaveLength(3);
    await bench.command('stop');
    expect(bench.states).toEqual(['Recording', expect.stringContaining('Failed: Nothing was recorded')]);
    expect(bench.events).toEqual(['gap: The encoder fell silent']);
    expect(bench.store.last.events[0]?.time).toBe('2026-01-05T08:00:00.000+0000');
  });

  it('goes on counting the tries when a start fails in between', async () => {
    await crash();
    bench.capture.failures.push(new CaptureError('noSource', 'No display'));
    await bench.clock.advance(500);
    await bench.clock.advance(999);
    expect(bench.capture.runs).toHaveLength(1);
    await bench.clock.advance(1);
    await crash();
    await bench.clock.advance(1999);
    expect(bench.capture.runs).toHaveLength(2);
    await bench.clock.advance(1);
    expect(bench.capture.runs).toHaveLength(3);
  });

  it('shows nothing of the screen when it breaks during a pause', async () => {
    await bench.command('pause');
    await crash();
    await bench.clock.advance(10_000);
    expect(bench.recorder.state().status).toBe('paused');
    expect(bench.capture.runs).toHaveLength(1);
  });
});
