/** Writes DER (X.690), as much of it as a certificate needs. Every function gives one whole element: tag, length, content. */
export type Der = Buffer;

export const sequence = (...items: readonly Der[]): Der => element(0x30, ...items);
export const set = (...items: readonly Der[]): Der => element(0x31, ...items);
export const boolean = (value: boolean): Der => element(0x01, Buffer.from([value ? 0xff : 0]));
export const octetString = (content: Uint8Array): Der => element(0x04, content);
export const utf8String = (text: string): Der => element(0x0c, Buffer.from(text, 'utf8'));
/** `[number] EXPLICIT`, or an implicit tag around several elements. */
export const tagged = (number: number, ...items: readonly Der[]): Der => element(0xa0 + number, ...items);
/** `[number] IMPLICIT` around bytes. */
export const taggedBytes = (number: number, content: Uint8Array): Der => element(0x80 + number, content);

/** A number that is not negative, from its bytes, most significant first. */
export function integer(bytes: Uint8Array): Der {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start === -1 ? Buffer.alloc(1) : Buffer.from(bytes.subarray(start));
  return element(0x02, (digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), digits]) : digits);
}

export function bitString(content: Uint8Array, unusedBits = 0): Der {
  return element(0x03, Buffer.from([unusedBits]), content);
}

export function objectIdentifier(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** RFC 5280: UTCTime until 2049, GeneralizedTime from then on; whole seconds, Zulu. */
export function time(date: Date): Der {
  const text = `${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
  return date.getUTCFullYear() < 2050 ? element(0x17, Buffer.from(text.slice(2))) : element(0x18, Buffer.from(text));
}

function element(tag: number, ...contents: readonly Uint8Array[]): Der {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  const bytes: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 + bytes.length, ...bytes]);
}

function base128(value: number): number[] {
  const digits = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 + (rest % 128));
  return digits;
}
