import { format, inspect } from 'node:util';
import { Secret } from '../../../src/lib/secret';

describe('Secret', () => {
  const secret = new Secret('planted');

  it.each([
    ['a template', `${String(secret)}`],
    ['JSON', JSON.stringify({ secret })],
    ['inspection', inspect({ secret })],
    ['format', format('%s %o %j', secret, secret, secret)],
  ])('does not show itself in %s', (_how, text) => {
    expect(text).not.toContain('planted');
  });

  it('compares by value, whatever the lengths', () => {
    expect(secret.equals(new Secret('planted'))).toBe(true);
    expect(secret.equals(new Secret('Planted'))).toBe(false);
    expect(secret.equals(new Secret(''))).toBe(false);
  });
});
