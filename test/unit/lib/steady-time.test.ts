import * as fc from 'fast-check';
import { SteadyTime } from '../../../src/lib/steady-time';

/** A computer whose uptime comes in steps, and whose processor may sleep. */
function computer(stepMs: number): { time: SteadyTime; run(ms: number): void; sleep(ms: number): void } {
  let monotonic = 5;
  let up = 100_000;
  const time = new SteadyTime({ monotonic: () => monotonic, uptime: () => Math.floor(up / stepMs) * stepMs });
  return {
    time,
    run: (ms) => {
      monotonic += ms;
      up += ms;
    },
    sleep: (ms) => void (up += ms),
  };
}

describe('time that passes', () => {
  it.each([10, 1000])('counts what ran and what was slept, never backwards (uptime in steps of %d ms)', (stepMs) => {
    const span = fc.record({ ran: fc.integer({ min: 0, max: 100_000 }), slept: fc.constantFrom(0, 5_000, 28_800_000) });
    fc.assert(
      fc.property(fc.array(span, { maxLength: 20 }), (spans) => {
        const { time, run, sleep } = computer(stepMs);
        let expected = 0;
        let before = 0;
        for (const { ran, slept } of spans) {
          run(ran);
          sleep(slept);
          expected += ran + slept;
          const passed = time.passed;
          expect(passed).toBeGreaterThanOrEqual(before);
          before = passed;
        }
        const sleeps = spans.filter(({ slept }) => slept > 0).length;
        expect(Math.abs(before - expected)).toBeLessThanOrEqual(sleeps * stepMs);
      }),
    );
  });

  it('goes on where the uptime is hidden', () => {
    let monotonic = 0;
    const time = new SteadyTime({ monotonic: () => monotonic, uptime: () => 0 });
    monotonic = 60_000;
    expect(time.passed).toBe(60_000);
  });
});
