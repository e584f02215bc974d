import { FrontSession, type LookAtSession, type SessionPlace } from '../../../src/lib/front-session';
import { silentLogger } from '../../../src/lib/logger';
import { FakeClock } from '../../fakes/fake-clock';

describe('FrontSession', () => {
  function rig(look?: LookAtSession) {
    const clock = new FakeClock();
    const front = new FrontSession({ look, timers: clock, log: silentLogger });
    const changes: boolean[] = [];
    front.onChange((isInFront) => changes.push(isInFront));
    const locks: boolean[] = [];
    front.onLock((isLocked) => locks.push(isLocked));
    return { clock, front, changes, locks };
  }

  it('is in front, for good, where nothing tells', async () => {
    const { front, clock, changes } = rig();
    await front.start();
    expect([front.isInFront, clock.pendingTimers, changes]).toEqual([true, 0, []]);
  });

  it('knows after its start, follows every 2 s, and keeps what it knew when a look fails', async () => {
    let answer: SessionPlace | undefined | Error = 'background';
    const { front, clock, changes } = rig(async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    });
    await front.start();
    expect(front.isInFront).toBe(false);
    for (const [next, expected] of [
      [new Error('no'), false],
      ['front', true],
      [new Error('no'), true],
      ['background', false],
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

  it.each<[string, readonly SessionPlace[], readonly boolean[], readonly boolean[]]>([
    ['a greeter locks, and the user comes back', ['locked', 'front'], [], [true, false]],
    ['a greeter locks, and another user signs in through it', ['locked', 'background', 'locked', 'front'], [false, true], [true]],
    ['the other user locks, and signs out', ['background', 'locked', 'locked', 'front'], [false, true], []],
  ])('%s: a greeter takes nobody’s place', (_what, places, expectedChanges, expectedLocks) => {
    const { front, changes, locks } = rig();
    for (const place of places) front.set(place);
    expect([changes, locks]).toEqual([expectedChanges, expectedLocks]);
  });
});
