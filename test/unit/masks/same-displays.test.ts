import { areSameDisplays } from '../../../src/masks/same-displays';

const LEFT = { x: 0, y: 0, width: 1920, height: 1080 };
const RIGHT = { x: 1920, y: 0, width: 2560, height: 1440 };

describe('two lists of displays', () => {
  it.each([
    ['the same in another order', [LEFT, RIGHT], [RIGHT, LEFT], true],
    ['a pixel of rounding', [LEFT, RIGHT], [LEFT, { x: 1920, y: 0, width: 2561, height: 1441 }], true],
    ['another size', [LEFT], [{ ...LEFT, width: 1280 }], false],
    ['one more', [LEFT], [LEFT, RIGHT], false],
    ['another place', [LEFT, RIGHT], [LEFT, { ...RIGHT, x: 1921 }], false],
    ['one that could be either', [LEFT, { ...LEFT, width: 1921 }], [LEFT, { ...LEFT, width: 1921 }], false],
    ['the same twice', [LEFT, LEFT], [LEFT, RIGHT], false],
  ])('%s', (_what, some, others, isSame) => {
    expect(areSameDisplays(some, others)).toBe(isSame);
  });
});
