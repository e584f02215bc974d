import { isValidId } from '../../../src/simulator/media-store';

it.each([
  ['0b4d7a3e-7f0c-4c8a-9d0e-5a1f', true],
  ['CALL_01.seg-2', true],
  ['', false],
  ['.', false],
  ['..', false],
  ['.incoming', false],
  ['../x', false],
  ['a/b', false],
  ['a\\b', false],
  ['a\0b', false],
  ['a'.repeat(129), false],
])('%j may be an id: %s', (id, isValid) => {
  expect(isValidId(id)).toBe(isValid);
});
