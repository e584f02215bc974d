import { toServiceVersion } from '../../../src/shared/version';

describe('toServiceVersion', () => {
  it.each([
    ['1.2.3', '8.5.102.03'],
    ['1.0.0', '8.5.100.00'],
    ['2.11.12', '8.5.211.12'],
    ['1.2.3-beta.1', '8.5.102.03'],
  ])('writes package version %s as %s', (packageVersion, expected) => {
    expect(toServiceVersion(packageVersion)).toBe(expected);
  });
});
