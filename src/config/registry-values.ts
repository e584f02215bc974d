import type { RegistryValue } from '../lib/windows-registry';

/** Types of winnt.h: REG_SZ, REG_EXPAND_SZ, REG_DWORD, REG_MULTI_SZ, REG_QWORD. */
const TEXT = 1;
const TEXT_WITH_VARIABLES = 2;
const NUMBER = 4;
const LIST = 7;
const LONG_NUMBER = 11;

/**
 * Values of a key of policies: by setting such as `recording.framesPerSecond`. A number becomes its decimal text. Without the value that has no name.
 * @throws Error for a type that no setting can have, with the value's name
 */
export function settingsOf(values: readonly RegistryValue[]): ReadonlyMap<string, unknown> {
  return new Map(values.filter(({ name }) => name !== '').map((value) => [value.name, readValue(value)]));
}

/** A list is a key of the setting's name whose values are its items, as administrative templates write it. */
export function listOf(values: readonly RegistryValue[]): readonly unknown[] {
  return [...settingsOf(values).values()];
}

function readValue({ name, type, bytes }: RegistryValue): unknown {
  switch (type) {
    case TEXT:
    case TEXT_WITH_VARIABLES:
      return textOf(bytes);
    case LIST:
      return textsOf(bytes);
    case NUMBER:
      if (bytes.length === 4) return String(bytes.readUInt32LE());
      break;
    case LONG_NUMBER:
      if (bytes.length === 8) return String(bytes.readBigUInt64LE());
      break;
  }
  throw new Error(`the value ${name} is neither REG_SZ, REG_EXPAND_SZ, REG_MULTI_SZ, REG_DWORD nor REG_QWORD`);
}

/** Who wrote it may have left out the zero at its end, or put more behind it. */
function textOf(bytes: Buffer): string {
  return bytes.toString('utf16le').replace(/\0[^]*$/, '');
}

function textsOf(bytes: Buffer): readonly string[] {
  return bytes
    .toString('utf16le')
    .split('\0')
    .filter((text) => text !== '');
}
