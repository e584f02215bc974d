import { omitUndefined } from '../../../src/shared/omit-undefined';

interface Named {
  readonly id: number;
  readonly name?: string;
}

describe('omitUndefined', () => {
  it.each([
    [{ a: undefined, b: 1 }, { b: 1 }],
    [
      { a: null, b: 0, c: '', d: false },
      { a: null, b: 0, c: '', d: false },
    ],
    [{}, {}],
  ])('%o becomes %o', (values, expected) => {
    expect(Object.entries(omitUndefined(values))).toEqual(Object.entries(expected));
  });

  it('gives a type whose optional properties may be absent', () => {
    const name = undefined as string | undefined;
    const named: Named = { id: 1, ...omitUndefined({ name }) };
    expect('name' in named).toBe(false);
  });
});
