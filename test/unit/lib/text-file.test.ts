import { decodeLeniently, decodeText, TextEncodingError } from '../../../src/lib/text-file';

const TEXT = '{\r\n  "place": "Zürich 日本 😀"\r\n}\r\n';
const utf16le = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(TEXT, 'utf16le')]);
const utf16be = Buffer.from(utf16le).swap16();

describe('a text file that a person wrote', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16 LE, as PowerShell writes it', utf16le],
    ['UTF-16 BE', utf16be],
  ])('is read in %s', (_name, bytes) => {
    expect(decodeText(bytes)).toBe(TEXT);
    expect(decodeLeniently(bytes)).toBe(TEXT);
  });

  it.each([[''], ['a'], ['\u0000'.repeat(0)]])('may be as short as %j', (text) => expect(decodeText(Buffer.from(text))).toBe(text));

  it.each([
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), 'is in UTF-32; save it as UTF-8'],
    ['UTF-16 without a mark', Buffer.from('{}', 'utf16le'), 'is in UTF-16 without a byte order mark, or no text; save it as UTF-8'],
    ['half a UTF-16 character', Buffer.from([0xff, 0xfe, 0x7b]), 'is broken UTF-16; save it as UTF-8'],
    ['Latin-1', Buffer.from('{\n  "a": "Zürich"', 'latin1'), 'is no UTF-8: byte FC at line 2, column 10; save it as UTF-8'],
    ['a character that is cut at the end', Buffer.from([0x41, 0xe2, 0x82]), 'is no UTF-8: byte E2 at line 1, column 2; save it as UTF-8'],
    [
      'a fault after longer characters',
      Buffer.concat([Buffer.from('é日😀\n日'), Buffer.from([0xff])]),
      'is no UTF-8: byte FF at line 2, column 2; save it as UTF-8',
    ],
  ])('in %s is named with its encoding', (_name, bytes, message) => {
    expect(() => decodeText(bytes)).toThrow(new TextEncodingError(message));
  });

  it('of which only ASCII counts is read whatever the rest is', () => {
    expect(decodeLeniently(Buffer.from('# Müller\n-----BEGIN', 'latin1'))).toBe('# M\uFFFDller\n-----BEGIN');
  });
});
