import { ProblemList } from '../../../src/service/problem-list';
import { silentLogger } from '../../../src/lib/logger';
import { FakeClock } from '../../fakes/fake-clock';

const AWAY = { code: 'rwsUnreachable', text: 'RWS does not answer.', remedy: 'Check the network.' } as const;

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
    list.raise(AWAY);
    const since = list.all[0]?.since;
    await clock.advance(5000);
    list.raise({ ...AWAY, text: 'RWS still does not answer.' });
    expect(list.all).toEqual([{ ...AWAY, text: 'RWS still does not answer.', since }]);
    expect(changes()).toBe(2);
  });

  it('does not speak of what has not changed', () => {
    const { list, changes } = createList();
    list.raise(AWAY);
    list.raise(AWAY);
    list.clear('diskFloor');
    expect(changes()).toBe(1);
  });

  it('forgets a problem that was cleared', () => {
    const { list } = createList();
    list.raise(AWAY);
    list.clear('rwsUnreachable');
    expect(list.all).toEqual([]);
  });
});
