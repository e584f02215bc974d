import fc from 'fast-check';
import { clipTo, subtract, unite, type Area } from '../../../src/masks/areas';
import { coverDesk } from '../../../src/masks/covered-desk';
import type { DeskWindow } from '../../../src/masks/ports';

const SIZE = 24;
const area = fc.record({
  x: fc.integer({ min: -6, max: SIZE }),
  y: fc.integer({ min: -6, max: SIZE }),
  width: fc.integer({ min: 0, max: 16 }),
  height: fc.integer({ min: 0, max: 16 }),
});
const name = fc.constantFrom('secret', 'allowed', 'other');
const windows = fc
  .array(fc.record({ area, isOpaque: fc.boolean(), name, owner: fc.option(fc.nat(8), { nil: undefined }) }), { maxLength: 8 })
  .map((made): readonly DeskWindow[] =>
    made.map(({ area: place, isOpaque, name: title, owner }, id) => ({
      id,
      area: place,
      opaque: isOpaque ? [place] : [],
      applications: [],
      titles: [title],
      owners: owner === undefined ? [] : [owner],
    })),
  );
const displays = fc.constantFrom<readonly Area[]>(
  [{ x: 0, y: 0, width: SIZE, height: SIZE }],
  [
    { x: 0, y: 0, width: 10, height: SIZE },
    { x: 10, y: 4, width: 12, height: 12 },
  ],
);

const holds = ({ x, y, width, height }: Area, across: number, down: number): boolean =>
  across >= x && across < x + width && down >= y && down < y + height;
const anyHolds = (areas: readonly Area[], across: number, down: number): boolean => areas.some((one) => holds(one, across, down));

/** The pixels of the desk and around it for which the claim does not hold. */
function wrongPixels(claim: (x: number, y: number) => boolean): readonly string[] {
  const wrong: string[] = [];
  for (let y = -2; y < SIZE + 4; y += 1) for (let x = -2; x < SIZE + 4; x += 1) if (!claim(x, y)) wrong.push(`${x},${y}`);
  return wrong;
}

function isSecret(window: DeskWindow, all: readonly DeskWindow[], seen = new Set<number>()): boolean {
  if (seen.has(window.id)) return false;
  seen.add(window.id);
  if (window.titles.includes('secret')) return true;
  return window.owners.some((owner) => all[owner] !== undefined && isSecret(all[owner], all, seen));
}

describe('areas', () => {
  it('minus an area are what only the first holds, without overlap', () => {
    fc.assert(
      fc.property(area, area, (one, hole) => {
        const left = subtract(one, hole);
        const count = (x: number, y: number): number => left.filter((piece) => holds(piece, x, y)).length;
        expect(wrongPixels((x, y) => count(x, y) === (holds(one, x, y) && !holds(hole, x, y) ? 1 : 0))).toEqual([]);
      }),
    );
  });

  it('united hold what any of them holds', () => {
    fc.assert(
      fc.property(fc.array(area, { maxLength: 9 }), fc.array(area, { maxLength: 9 }), (some, others) => {
        const united = unite(some, others);
        expect(wrongPixels((x, y) => anyHolds(united, x, y) === anyHolds([...some, ...others], x, y))).toEqual([]);
      }),
    );
  });

  it('in pieces without number become one that holds them all', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({ x: (index % 40) * 3, y: Math.floor(index / 40) * 3, width: 1, height: 1 }));
    expect(unite(many)).toEqual([{ x: 0, y: 0, width: 118, height: 73 }]);
  });

  it('are clipped to each display', () => {
    expect(clipTo([{ x: 0, y: 0, width: 10, height: 10 }, { x: 10, y: 0, width: 10, height: 10 }], [{ x: 8, y: -3, width: 4, height: 5 }])) // prettier-ignore
      .toEqual([{ x: 8, y: 0, width: 2, height: 2 }, { x: 10, y: 0, width: 2, height: 2 }]); // prettier-ignore
  });
});

describe('what is covered on a desk', () => {
  it('by a rule: every pixel a matching window shows, and none else', () => {
    fc.assert(
      fc.property(windows, displays, (all, shownOn) => {
        const { areas } = coverDesk({ displays: shownOn, windows: all }, { masks: [{ title: 'secret' }], maskExcept: [] });
        const isSeen = (x: number, y: number): boolean => {
          const opaque = all.findIndex((window) => anyHolds(window.opaque, x, y));
          const seen = opaque < 0 ? all : all.slice(0, opaque + 1);
          return anyHolds(shownOn, x, y) && seen.some((window) => holds(window.area, x, y) && isSecret(window, all));
        };
        expect(wrongPixels((x, y) => anyHolds(areas, x, y) === isSeen(x, y))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('by maskExcept: every pixel that is not for sure one of an excepted window', () => {
    fc.assert(
      fc.property(windows, displays, (all, shownOn) => {
        const rules = { masks: [{ title: 'secret' }], maskExcept: [{ title: 'allowed' }, { title: 'secret' }] };
        const { areas } = coverDesk({ displays: shownOn, windows: all.map((window) => ({ ...window, owners: [] })) }, rules);
        const isAllowed = (x: number, y: number): boolean => {
          const opaque = all.findIndex((window) => anyHolds(window.opaque, x, y));
          const seen = all.slice(0, opaque + 1).filter((window) => holds(window.area, x, y));
          return opaque >= 0 && seen.every(({ titles }) => titles[0] === 'allowed');
        };
        expect(wrongPixels((x, y) => anyHolds(areas, x, y) === (anyHolds(shownOn, x, y) && !isAllowed(x, y)))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is a window of which nothing is known, under any rule', () => {
    const place = { x: 2, y: 2, width: 4, height: 4 };
    const window = { id: 1, area: place, opaque: [place], applications: [], titles: [], owners: [], isUnknown: true };
    const desk = { displays: [{ x: 0, y: 0, width: 9, height: 9 }], windows: [window] };
    expect(coverDesk(desk, { masks: [{ title: 'secret' }], maskExcept: [] })).toEqual({ areas: [place], reasons: new Set(['unknown']) });
    expect(coverDesk(desk, { masks: [], maskExcept: [] }).areas).toEqual([]);
  });
});

describe('a window below more openings than are kept', () => {
  const wide = { x: 0, y: 0, width: 700, height: 700 };
  const openings = Array.from({ length: 400 }, (_, index) => ({
    x: (index % 20) * 30,
    y: Math.floor(index / 20) * 30,
    width: 20,
    height: 20,
  }));
  const below = { id: 2, area: wide, opaque: [wide], applications: [], titles: ['secret'], owners: [] };
  const isCovered = (windows: readonly DeskWindow[], rules: Parameters<typeof coverDesk>[1]): boolean => {
    const { areas } = coverDesk({ displays: [wide], windows }, rules);
    // Between the openings, where nothing hides it.
    return openings.every(({ x, y }) => anyHolds(areas, x + 25, y + 25) && anyHolds(areas, x + 25, y + 5));
  };

  it('is covered between those of one window', () => {
    const sieve = { ...below, id: 1, opaque: openings, titles: ['other'] };
    expect(isCovered([sieve, below], { masks: [{ title: 'secret' }], maskExcept: [] })).toBe(true);
    expect(isCovered([sieve, below], { masks: [], maskExcept: [{ title: 'other' }] })).toBe(true);
  });

  it('is covered between as many windows', () => {
    const many = openings.map((area, index) => ({ ...below, id: 10 + index, area, opaque: [area], titles: ['other'] }));
    expect(isCovered([...many, below], { masks: [{ title: 'secret' }], maskExcept: [] })).toBe(true);
    expect(isCovered([...many, below], { masks: [], maskExcept: [{ title: 'other' }] })).toBe(true);
  });
});

it('a window whose hidden owner a rule names is covered, and not by what it says itself alone', () => {
  const place = { x: 2, y: 2, width: 5, height: 5 };
  const hiddenOwners = [{ applications: ['vault'], titles: ['secret'] }];
  const window = { id: 1, area: place, opaque: [place], applications: [], titles: ['menu'], owners: [], hiddenOwners };
  const desk = { displays: [{ x: 0, y: 0, width: SIZE, height: SIZE }], windows: [window] };
  expect(coverDesk(desk, { masks: [{ title: 'secret', application: 'vault' }], maskExcept: [] }).areas).toEqual([place]);
  const menuOfIt = { ...window, id: 2, owners: [1], hiddenOwners: [] };
  expect(coverDesk({ ...desk, windows: [menuOfIt, window] }, { masks: [{ title: 'secret' }], maskExcept: [] }).areas).toEqual([place]);
});
