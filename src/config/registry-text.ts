/**
 * The values of `reg query KEY /s`: by setting such as `recording.framesPerSecond`. A list is a subkey of the setting's name whose values are its
 * items, as administrative templates write it.
 * @param key the key that was asked for
 */
export function parseRegistry(text: string, key: string): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  let list: unknown[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^HK/i.test(line)) {
      const subkey = line.trim().slice(line.lastIndexOf('\\') + 1);
      list = isSameKey(line, key) ? undefined : [];
      if (list !== undefined) values.set(subkey, list);
      continue;
    }
    const [, name = '', type = '', data = ''] = /^ {4}(.+?) {4}(REG_\w+) {4}(.*)$/.exec(line) ?? [];
    if (name === '') continue;
    const value = type === 'REG_DWORD' || type === 'REG_QWORD' ? String(Number(data)) : data;
    if (list === undefined) values.set(name, value);
    else list.push(value);
  }
  return values;
}

/** `reg` writes the hive's long name. */
function isSameKey(line: string, key: string): boolean {
  const written = line.trim().replace(/^HKEY_LOCAL_MACHINE/i, 'HKLM');
  return written.toLowerCase() === key.toLowerCase();
}
