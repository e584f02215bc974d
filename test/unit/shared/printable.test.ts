import { printable } from '../../../src/shared/printable';

it.each([
  ['plain text, Łódź 東京 👩‍💻\nand a second line\n', 'plain text, Łódź 東京 👩‍💻\nand a second line\n'],
  ['red \u001b[31mtext\u001b[0m', 'red  [31mtext [0m'],
  ['a title \u001b]0;owned\u0007', 'a title  ]0;owned '],
  ['over\rwritten\b\b', 'over written '],
  ['C1: \u009b31m', 'C1:  31m'],
  ['turned \u202egpj.exe', 'turned  gpj.exe'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});
