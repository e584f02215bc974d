import fc from 'fast-check';
import { matchesRule, matchesWildcard } from '../../../src/masks/rule-matching';

const plain = fc.string().map((text) => text.replaceAll('*', ''));

describe('a wildcard pattern', () => {
  it.each([
    ['*patient*', 'Medical - Patient file 7', true],
    ['patient', 'Patient', true],
    ['patient', 'Patients', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['*', '', true],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'aXcYb', false],
    ['*ab*ab', 'ab', false],
    ['*straße*', 'Hauptstraße 5', true],
    ['*pati*', 'Pa\u200bti\u200eent', true],
    ['caf\u00e9', 'Cafe\u0301', true],
    ['a.c', 'abc', false],
  ])('%j on %j: %j', (pattern, text, isMatch) => expect(matchesWildcard(pattern, text)).toBe(isMatch));

  it('of its own text matches, in any case, and with any of its parts left to a star', () => {
    fc.assert(
      fc.property(plain, plain, plain, (before, middle, after) => {
        const text = `${before}${middle}${after}`;
        expect(matchesWildcard(text, text)).toBe(true);
        expect(matchesWildcard(text.toUpperCase(), text)).toBe(true);
        for (const pattern of [`${before}*${after}`, `*${middle}*`, `*${after}`, `${before}*`, `${before}**${after}`])
          expect(matchesWildcard(pattern, text)).toBe(true);
      }),
    );
  });

  it('says the same as the regular expression it stands for', () => {
    const few = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(few, few, (pattern, name) => {
        const text = name.replaceAll('*', 'c');
        expect(matchesWildcard(pattern, text)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no time worth speaking of, whatever it is', () => {
    const startedAt = performance.now();
    expect(matchesWildcard(`${'a*'.repeat(250)}b`, 'a'.repeat(100_000))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

describe('a rule', () => {
  const window = { applications: ['firefox', 'Navigator', 'Firefox-esr'], titles: ['Patient 7 - Mozilla Firefox'] };

  it.each([
    [{ application: 'navigator' }, true],
    [{ title: 'patient*' }, true],
    [{ application: 'firefox*', title: 'patient*' }, true],
    [{ application: 'chrome', title: 'patient*' }, false],
    [{ application: 'firefox', title: 'chat*' }, false],
    [{ note: 'names nothing' }, false],
  ])('%j: %j', (rule, isMatch) => expect(matchesRule(rule, window)).toBe(isMatch));
});
