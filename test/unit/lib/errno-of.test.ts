import { errnoOf } from '../../../src/lib/errno-of';

describe('errnoOf', () => {
  it.each([
    ['a system error', Object.assign(new Error('no such file'), { code: 'ENOENT' }), 'ENOENT'],
    ['an error without a code', new Error('broken'), undefined],
    ['a code that is no text', { code: 3 }, undefined],
    ['undefined', undefined, undefined],
    ['null', null, undefined],
    ['a text', 'ENOENT', undefined],
  ])('of %s', (_what, thrown, code) => {
    expect(errnoOf(thrown)).toBe(code);
  });
});
