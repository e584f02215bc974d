import { NativeCalls, type NativeFunction } from './native-calls';

/** SE_FILE_OBJECT. */
const FILE = 1;
/** Owner, group and the list of who may do what (OWNER_, GROUP_, DACL_SECURITY_INFORMATION). */
const WHO_MAY_WHAT = 1 | 2 | 4;
/** SDDL_REVISION_1. */
const REVISION = 1;
const NO_ERROR = 0;

interface Functions {
  readonly descriptorOf: NativeFunction;
  readonly textOf: NativeFunction;
  readonly freeMemory: NativeFunction;
}

/**
 * The security descriptor of a file or folder as text (Microsoft, *Security Descriptor String Format*). Asks Windows itself, since managed
 * computers forbid PowerShell to do so. Throws when Windows does not tell it.
 */
export async function readSecurityDescriptor(path: string, calls: NativeCalls = new NativeCalls()): Promise<string> {
  const { descriptorOf, textOf, freeMemory } = await loadFunctions(calls);
  const descriptor = Buffer.alloc(8);
  const result = await calls.run(descriptorOf, path, FILE, WHO_MAY_WHAT, null, null, null, null, descriptor);
  if (result !== NO_ERROR) throw new Error(`Windows did not tell who may change it (error ${result})`);
  const [text, length] = [Buffer.alloc(8), Buffer.alloc(4)];
  try {
    const isGiven = await calls.run(textOf, descriptor.readBigUInt64LE(), REVISION, WHO_MAY_WHAT, text, length);
    if (isGiven === 0) throw new Error('Windows did not write its rights as text');
    const bytes = await calls.read(text.readBigUInt64LE(), length.readUInt32LE() * 2);
    return bytes.toString('utf16le').replace(/\0[^]*$/, '');
  } finally {
    await calls.run(freeMemory, descriptor.readBigUInt64LE());
    if (text.readBigUInt64LE() !== 0n) await calls.run(freeMemory, text.readBigUInt64LE());
  }
}

async function loadFunctions(calls: NativeCalls): Promise<Functions> {
  return {
    descriptorOf: await calls.find(
      'advapi32.dll',
      'uint32_t __stdcall GetNamedSecurityInfoW(str16 path, int type, uint32_t what, void *owner, void *group, void *dacl, void *sacl, void *descriptor)',
    ),
    textOf: await calls.find(
      'advapi32.dll',
      'int __stdcall ConvertSecurityDescriptorToStringSecurityDescriptorW(void *descriptor, uint32_t revision, uint32_t what, void *text, void *length)',
    ),
    freeMemory: await calls.find('kernel32.dll', 'void *__stdcall LocalFree(void *memory)'),
  };
}
