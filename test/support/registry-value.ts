import type { RegistryValue } from '../../src/lib/windows-registry';

/** A value as Windows gives it. */
export function registryText(name: string, text: string, type = 1): RegistryValue {
  return { name, type, bytes: Buffer.from(`${text}\0`, 'utf16le') };
}

export function registryNumber(name: string, value: number): RegistryValue {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return { name, type: 4, bytes };
}
