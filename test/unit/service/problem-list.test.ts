import { ProblemList } from '../../../src/service/problem-list';
import { silentLogger } from '../../../src/lib/logger';
import { FakeClock } from '../../fakes/fake-clock';

const AWAY = { reason: 'no answer.' };
const STUCK = { cause: 'unreachable', reason: 'Recordings cannot be uploaded.' } as const;

function createList(): { list: ProblemList; clock: FakeClock; changes: () => number } {
  const clock = new FakeClock();
  let changes = 0;
  const list = new ProblemList({ clock, log: silentLogger });
  list.onChange(() => (changes += 1));
  return { list, clock, changes: () => changes };
}

describe('ProblemList', () => {
  it('keeps one problem per code, with the time it was first raised', async () => {
    const { list, clock, changes } = createList();
    list.raise('rwsUnreachable', AWAY);
    const since = list.all[0]?.since;
    await clock.advance(5000);
    list.raise('rwsUnreachable', { reason: 'still no answer.' });
    const text = 'The recording server cannot be reached: still no answer.';
    expect(list.all).toEqual([{ code: 'rwsUnreachable', text, remedy: expect.stringContaining('srs doctor'), since }]);
    expect(changes()).toBe(2);
  });

  it('does not speak of what has not changed', () => {
    const { list, changes } = createList();
    list.raise('rwsUnreachable', AWAY);
    list.raise('rwsUnreachable', AWAY);
    list.clear('diskFloor');
    expect(changes()).toBe(1);
  });

  it('forgets a problem that was cleared', () => {
    const { list } = createList();
    list.raise('rwsUnreachable', AWAY);
    list.clear('rwsUnreachable');
    expect(list.all).toEqual([]);
  });

  it('shows what follows from another problem only while that one is gone', () => {
    const { list } = createList();
    const codes = (): string[] => list.all.map(({ code }) => code);
    list.raise('uploadsStuck', STUCK);
    expect(codes()).toEqual(['uploadsStuck']);
    list.raise('rwsUnreachable', AWAY);
    expect(codes()).toEqual(['rwsUnreachable']);
    list.raise('uploadsStuck', { cause: 'refused', count: 1, reason: 'RWS does not take one recording.' });
    expect(codes()).toEqual(['uploadsStuck', 'rwsUnreachable']);
    list.raise('uploadsStuck', STUCK);
    list.clear('rwsUnreachable');
    expect(codes()).toEqual(['uploadsStuck']);
  });
});
