import { NativeCalls, type NativeFunction } from './native-calls';

/** A value of a key as the registry keeps it; `type` is one of winnt.h's, such as 1 for `REG_SZ`. */
export interface RegistryValue {
  readonly name: string;
  readonly type: number;
  readonly bytes: Buffer;
}

export interface RegistryKey {
  readonly values: readonly RegistryValue[];
  /** Of the keys below it, the names. */
  readonly subkeys: readonly string[];
}

/** HKEY_LOCAL_MACHINE: a handle is as long as a pointer, with the sign of the 32-bit number. */
const LOCAL_MACHINE = BigInt.asIntN(64, 0xffffffff80000002n);
/** KEY_READ, and KEY_WOW64_64KEY. */
const READ_64_BIT = 0x20019 | 0x0100;
const NO_ERROR = 0;
const ERROR_FILE_NOT_FOUND = 2;
const ERROR_MORE_DATA = 234;
const ERROR_NO_MORE_ITEMS = 259;
/** With its end: the longest name of a value. One of a key has 256. */
const NAME_CHARACTERS = 16_384;
const FIRST_BYTES = 4 * 1024;
/** Beyond it a value is none of ours. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ITEMS = 10_000;

interface Functions {
  readonly open: NativeFunction;
  readonly value: NativeFunction;
  readonly subkey: NativeFunction;
  readonly close: NativeFunction;
}

/**
 * Reads a key below `HKEY_LOCAL_MACHINE`, in the 64-bit view; `undefined` when it is not there. Asks Windows itself: `reg.exe` writes text in the code
 * page of the console, which lacks most letters, and does nothing where policy forbids registry tools. Throws when Windows does not let it be read.
 * @param path such as `Software\Policies\ScreenRecordingService`
 */
export async function readMachineKey(path: string, calls: NativeCalls = new NativeCalls()): Promise<RegistryKey | undefined> {
  const functions = await loadFunctions(calls);
  const opened = Buffer.alloc(8);
  const result = await calls.run(functions.open, LOCAL_MACHINE, path, 0, READ_64_BIT, opened);
  if (result === ERROR_FILE_NOT_FOUND) return undefined;
  if (result !== NO_ERROR) throw failed(result);
  const key = opened.readBigUInt64LE();
  try {
    const values = await listItems((index) => readValue(calls, functions, key, index));
    const subkeys = await listItems((index) => readSubkey(calls, functions, key, index));
    return { values, subkeys };
  } finally {
    await calls.run(functions.close, key);
  }
}

async function listItems<T>(read: (index: number) => Promise<T | undefined>): Promise<readonly T[]> {
  const items: T[] = [];
  for (let index = 0; index < MAX_ITEMS; index += 1) {
    const item = await read(index);
    if (item === undefined) return items;
    items.push(item);
  }
  throw new Error(`a key of the registry has more than ${MAX_ITEMS} values`);
}

async function readValue(calls: NativeCalls, { value }: Functions, key: bigint, index: number): Promise<RegistryValue | undefined> {
  for (let length = FIRST_BYTES; length <= MAX_BYTES; length *= 4) {
    const name = Buffer.alloc(NAME_CHARACTERS * 2);
    const bytes = Buffer.alloc(length);
    const [characters, type, size] = [uint32(NAME_CHARACTERS), uint32(0), uint32(length)];
    const result = await calls.run(value, key, index, name, characters, null, type, bytes, size);
    if (result === ERROR_NO_MORE_ITEMS) return undefined;
    if (result === ERROR_MORE_DATA) continue;
    if (result !== NO_ERROR) throw failed(result);
    return { name: textOf(name, characters), type: type.readUInt32LE(), bytes: bytes.subarray(0, size.readUInt32LE()) };
  }
  throw new Error(`a value of the registry is longer than ${MAX_BYTES} bytes`);
}

async function readSubkey(calls: NativeCalls, { subkey }: Functions, key: bigint, index: number): Promise<string | undefined> {
  const name = Buffer.alloc(NAME_CHARACTERS * 2);
  const characters = uint32(NAME_CHARACTERS);
  const result = await calls.run(subkey, key, index, name, characters, null, null, null, null);
  if (result === ERROR_NO_MORE_ITEMS) return undefined;
  if (result !== NO_ERROR) throw failed(result);
  return textOf(name, characters);
}

async function loadFunctions(calls: NativeCalls): Promise<Functions> {
  const find = (prototype: string): Promise<NativeFunction> => calls.find('advapi32.dll', prototype);
  return {
    open: await find('int __stdcall RegOpenKeyExW(int64_t key, str16 path, uint32_t options, uint32_t rights, void *opened)'),
    value: await find(
      'int __stdcall RegEnumValueW(int64_t key, uint32_t index, void *name, void *characters, void *reserved, void *type, void *bytes, void *size)',
    ),
    subkey: await find(
      'int __stdcall RegEnumKeyExW(int64_t key, uint32_t index, void *name, void *characters, void *reserved, void *text, void *length, void *time)',
    ),
    close: await find('int __stdcall RegCloseKey(int64_t key)'),
  };
}

function textOf(name: Buffer, characters: Buffer): string {
  return name.toString('utf16le', 0, characters.readUInt32LE() * 2);
}

function failed(code: number): Error {
  return new Error(`Windows did not let the registry be read (error ${code})`);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
