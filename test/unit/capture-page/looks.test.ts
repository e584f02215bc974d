import { Looks } from '../../../src/capture-page/masks/looks';

describe('the looks that a page asks for', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const area = { x: 1, y: 2, width: 3, height: 4 };

  it('are answered by their number, and known to be over from then on', async () => {
    const asked: unknown[] = [];
    const looks = new Looks((...ask) => asked.push(ask));
    const [one, other] = [looks.cover(undefined), looks.cover(7)];
    expect(asked).toEqual([[1, undefined], [2, 7]]); // prettier-ignore
    expect(looks.before(performance.now())).toBeUndefined();
    looks.answered({ ask: 2, look: 8, cover: [] });
    jest.advanceTimersByTime(100);
    looks.answered({ ask: 1, look: 9, cover: [area] });
    expect([await one, await other]).toEqual([[area], []]);
    expect(looks.before(performance.now())).toBe(9);
    expect(looks.before(performance.now() - 50)).toBe(8);
  });

  it('cover everything without an answer in time, and a late one counts for nothing', async () => {
    const looks = new Looks(() => undefined);
    const cover = looks.cover(1);
    jest.advanceTimersByTime(2500);
    expect(await cover).toBe('all');
    looks.answered({ ask: 1, look: 2, cover: [] });
    expect(looks.before(performance.now())).toBeUndefined();
  });
});
