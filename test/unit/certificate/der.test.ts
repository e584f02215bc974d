import {
  bitString,
  boolean,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  tagged,
  taggedBytes,
  time,
  utf8String,
} from '../../../src/certificate/der';

/** Expected bytes by X.690; `openssl asn1parse` agrees. */
describe('der', () => {
  test.each([
    ['a small number', integer(Buffer.from([5])), '020105'],
    ['zero', integer(Buffer.from([0, 0])), '020100'],
    ['a number whose first bit would be a sign', integer(Buffer.from([0x80])), '02020080'],
    ['a number with leading zeros', integer(Buffer.from([0, 0, 1, 2])), '02020102'],
    ['true', boolean(true), '0101ff'],
    ['false', boolean(false), '010100'],
    ['a bit string with unused bits', bitString(Buffer.from([0x80]), 7), '03020780'],
    ['an octet string', octetString(Buffer.from([1, 2])), '04020102'],
    ['text', utf8String('é'), '0c02c3a9'],
    ['an object identifier with long parts', objectIdentifier('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
    ['an empty sequence', sequence(), '3000'],
    ['a nested sequence', sequence(sequence(), boolean(true)), '300530000101ff'],
    ['an explicit tag', tagged(3, boolean(true)), 'a3030101ff'],
    ['an implicit tag', taggedBytes(2, Buffer.from('a')), '820161'],
    ['a time before 2050', time(new Date('2049-12-31T23:59:59Z')), '170d3439313233313233353935395a'],
    ['a time from 2050 on', time(new Date('2050-01-01T00:00:00Z')), '180f32303530303130313030303030305a'],
  ])('writes %s', (_what, actual, expected) => {
    expect(actual.toString('hex')).toBe(expected);
  });

  test.each([
    [127, '7f'],
    [128, '8180'],
    [255, '81ff'],
    [256, '820100'],
    [70_000, '83011170'],
  ])('writes a length of %i', (size, expected) => {
    expect(
      octetString(Buffer.alloc(size))
        .subarray(1, 1 + expected.length / 2)
        .toString('hex'),
    ).toBe(expected);
  });
});
