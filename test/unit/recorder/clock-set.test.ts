import * as fc from 'fast-check';
import { fromRwsTime } from '../../../src/shared/rws-time';
import { RecorderBench } from '../../support/recorder-bench';

const HOUR = 3_600_000;

/** What happens to a recording and to the clock of its computer. */
const step = fc.oneof(
  fc.record({ type: fc.constantFrom('pause' as const, 'resume' as const, 'displays' as const, 'sleep' as const) }),
  fc.record({ type: fc.constant('video' as const), seconds: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ type: fc.constant('set' as const), by: fc.integer({ min: -30 * 24 * HOUR, max: 30 * 24 * HOUR }) }),
);

function stampsOf({ store, reports }: RecorderBench): readonly number[] {
  const { start, segments, events, stopTime } = store.last;
  const own = [
    start.startTime,
    ...events.map(({ time }) => time),
    ...segments.flatMap((segment) => [segment.start.startTime, segment.stopTime]),
  ];
  const reported = reports.flatMap((report) => [report.startTime, report.stopTime]);
  return [...own, stopTime, ...reported].flatMap((text) => (text === undefined ? [] : [fromRwsTime(text) ?? Number.NaN]));
}

describe('a clock that is set during a recording', () => {
  it('moves no stamp of it: each is as long after the start as really passed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const bench = new RecorderBench();
        const startedAt = bench.clock.now();
        const steadyAt = bench.clock.steady();
        await bench.command('start');
        for (const what of steps) {
          if (what.type === 'video') await bench.record(what.seconds);
          else if (what.type === 'set') bench.clock.set(bench.clock.now() + what.by);
          else if (what.type === 'displays') bench.recorder.displaysChanged();
          else if (what.type === 'sleep') {
            bench.recorder.suspended();
            await bench.clock.advance(HOUR / 6);
            bench.recorder.resumed();
          } else await bench.command(what.type);
        }
        await bench.clock.advance(1000);
        await bench.command('stop');
        const passed = bench.clock.steady() - steadyAt;
        const { events, segments, stopTime } = bench.store.last;
        for (const stamp of stampsOf(bench)) {
          expect(stamp).toBeGreaterThanOrEqual(startedAt);
          expect(stamp).toBeLessThanOrEqual(startedAt + passed);
        }
        expect(fromRwsTime(stopTime ?? '')).toBe(startedAt + passed);
        const changes = events.filter(({ event }) => event === 'paused' || event === 'resumed').map(({ time }) => time);
        expect(changes).toEqual([...changes].sort());
        for (const segment of segments) expect(segment.start.startTime <= (segment.stopTime ?? '')).toBe(true);
        await bench.recorder.stop();
      }),
      { numRuns: 60 },
    );
  });

  it('shows how long it has been recorded, by the clock as it is now', async () => {
    const bench = new RecorderBench();
    await bench.command('start');
    await bench.record(5);
    bench.clock.set(bench.clock.now() - HOUR);
    await bench.record(5);
    const state = bench.recorder.state();
    expect(state.status === 'recording' ? bench.clock.now() - Date.parse(state.since) : undefined).toBe(10_000);
    await bench.recorder.stop();
  });

  it('is taken over by the next recording', async () => {
    const bench = new RecorderBench();
    await bench.command('start');
    await bench.record(2);
    bench.clock.set(bench.clock.now() - HOUR);
    await bench.command('stop');
    await bench.command('start', 'r2');
    expect(fromRwsTime(bench.store.last.start.startTime)).toBe(bench.clock.now());
    await bench.recorder.stop();
  });
});
