import { FrontSession, type LookAtSession } from '../../../src/lib/front-session';
import { silentLogger } from '../../../src/lib/logger';
import { FakeClock } from '../../fakes/fake-clock';

describe('FrontSession', () => {
  function rig(look?: LookAtSession) {
    const clock = new FakeClock();
    const front = new FrontSession({ look, timers: clock, log: silentLogger });
    const changes: boolean[] = [];
    front.onChange((isInFront) => changes.push(isInFront));
    return { clock, front, changes };
  }

  it('is in front, for good, where nothing tells', async () => {
    const { front, clock, changes } = rig();
    await front.start();
    expect([front.isInFront, clock.pendingTimers, changes]).toEqual([true, 0, []]);
  });

  it('knows after its start, follows every 2 s, and keeps what it knew when a look fails', async () => {
    let answer: boolean | undefined | Error = false;
    const { front, clock, changes } = rig(async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    });
    await front.start();
    expect(front.isInFront).toBe(false);
    for (const [next, expected] of [
      [new Error('no'), false],
      [true, true],
      [new Error('no'), true],
      [false, false],
      [undefined, true],
    ] as const) {
      answer = next;
      await clock.advance(2_000);
      expect([next, front.isInFront]).toEqual([next, expected]);
    }
    expect(changes).toEqual([false, true, false, true]);
    front.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
