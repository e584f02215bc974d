import fc from 'fast-check';
import { parseJsonText } from '../../../src/config/json-text';

const around = (line: string): string =>
  ['{', '  "requireOrigin": true,', line, '  "allowedOrigins": [', '    "https://desktop.example.com"', '  ]', '}', ''].join('\n');

describe('a fault in a JSON text', () => {
  it.each([
    ['False for false', '  "a": False,', 3, 8, 'found False; allowed: a value'],
    ['single quotation marks', "  'a': false,", 3, 3, "found '; allowed: a name in double"],
    ['a text without quotation marks', '  "b": { "a": black },', 3, 15, 'found a word without quotation marks; allowed: a value'],
    ['a Windows path', '  "a": "C:\\SRS\\data",', 3, 8, 'found a text with a single backslash; allowed: two backslashes (\\\\)'],
    ['a missing comma', '  "a": false', 4, 3, 'found a text; allowed: a comma'],
    ['a comment', '  // why', 3, 3, 'found a comment; allowed: no comments'],
    ['a missing colon', '  "a" false,', 3, 7, 'found false; allowed: a colon'],
    ['two commas', '  "a": 1,,', 3, 10, 'found ,; allowed: a name'],
    ['a comma after the last', '  "a": [1,],', 3, 11, 'found ]; allowed: a value'],
    ['a text over the end of its line', '  "a": "b', 3, 8, 'found a text that does not end on its line; allowed: a closing quotation mark'],
    ['a number with a zero before it', '  "a": 01,', 3, 9, 'found a number; allowed: a comma'],
    ['a tab in a text', '  "a": "b\tc",', 3, 8, 'found a text with a control character; allowed: an escape'],
    ['typographic quotation marks', '  “a”: 1,', 3, 3, 'found “; allowed: a name'],
  ])('is placed where it is: %s', (_name, line, atLine, column, words) => {
    expect(parseJsonText(around(line))).toEqual({
      fault: expect.stringContaining(`is not JSON (line ${atLine}, column ${column}): ${words}`),
    });
  });

  it.each([
    ['', 'is not JSON (line 1, column 1): found nothing'],
    ['{"a": 1', 'is not JSON (line 1, column 8): found the end of the file; allowed: a comma or }'],
    ['{"a": 1}\r\n\r\n}', 'is not JSON (line 3, column 1): found }; allowed: the end of the file'],
  ])('is placed in %j', (text, start) => expect(parseJsonText(text)).toEqual({ fault: expect.stringContaining(start) }));

  it('quotes nothing that may be secret', () => {
    for (const line of [
      '"proxy": http://ann:Winter@proxy',
      '"proxy": Winter',
      '"Winter',
      "'Winter'",
      '"proxy": "\\Winter"',
      '/* Winter',
      '-Winter',
    ])
      expect(JSON.stringify(parseJsonText(around(line)))).not.toMatch(/winter/i);
  });

  it('is on the line where something was put between two signs', () => {
    const document = JSON.stringify({ a: 1, b: [true, null, 'x'], c: { d: 'e', f: [] }, g: -1.5 }, null, 2).split('\n');
    const strange = fc.constantFrom('?', 'False', '//', "'", ';', '\\', '}}', '#', '.5');
    fc.assert(
      fc.property(fc.nat(document.length - 1), strange, (index, sign) => {
        const text = document.map((line, at) => (at === index ? line.replace(/^( *)/, `$1${sign} `) : line)).join('\n');
        const { fault } = parseJsonText(text) as { fault: string };
        expect(fault).toContain(`(line ${index + 1}, `);
      }),
    );
  });

  it('is only what JSON.parse does not take', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        expect(parseJsonText(JSON.stringify(value))).toEqual({ tree: JSON.parse(JSON.stringify(value)) }),
      ),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:1 -.eE\\tu/\n'), maxLength: 20 }), (text) => {
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        expect('tree' in parseJsonText(text)).toBe(isJson);
      }),
    );
  });
});
