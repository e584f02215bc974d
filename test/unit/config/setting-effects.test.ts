import { DECLARED_EFFECTS, declaredEffect, describeEffect, effectOf } from '../../../src/config/setting-effects';
import { listSettings } from '../../../src/config/settings';

describe('when a change of a setting takes effect', () => {
  test.each(listSettings().map(({ key }) => key))('is declared for %s', (key) => expect(declaredEffect(key)).toBeDefined());

  test('is declared for no setting that there is not', () => {
    const keys = listSettings().map(({ key }) => key);
    const isKnown = (name: string): boolean => keys.some((key) => key === name || key.startsWith(`${name}.`));
    expect(DECLARED_EFFECTS.filter((name) => !isKnown(name))).toEqual([]);
  });

  test('of one that nobody declared is after a restart', () => expect(effectOf('laterSetting')).toBe('restart'));

  test.each(listSettings())('stands beside $key in the JSON schema', ({ key, node }) =>
    expect(node.$comment).toBe(`A change takes effect ${describeEffect(key)}.`),
  );
});
