import { policyOf } from '../../../src/config/policies';
import { listOf, settingsOf } from '../../../src/config/registry-values';
import type { RegistryValue } from '../../../src/lib/windows-registry';
import { registryNumber, registryText } from '../../support/registry-value';

const KEY = 'HKLM\\Software\\Policies\\ScreenRecordingService';
const VALUES = [
  registryText('server', 'https://rws.example.com'),
  registryNumber('requireOrigin', 0),
  registryNumber('http.port', 8086),
  registryText('rws.timeoutSeconds', '2.5'),
  registryText('dataDirectory', '%LOCALAPPDATA%\\画面記録 für Ämter', 2),
  registryText('laterSetting', 'a value with    blanks'),
  registryText('', 'what the key itself has'),
];
const ORIGINS = [registryText('1', 'https://a.example.com'), registryText('2', 'https://b.example.com')];

describe('policies in the registry', () => {
  const read = (values: readonly RegistryValue[]) => policyOf(KEY, new Map(settingsOf(values)).set('allowedOrigins', listOf(ORIGINS)));

  it('are read with the types of their settings', () => {
    const result = read(VALUES);
    expect('layer' in result && Object.fromEntries(result.layer?.values ?? [])).toEqual({
      server: 'https://rws.example.com',
      requireOrigin: false,
      'http.port': 8086,
      'rws.timeoutSeconds': 2.5,
      dataDirectory: '%LOCALAPPDATA%\\画面記録 für Ämter',
      allowedOrigins: ['https://a.example.com', 'https://b.example.com'],
    });
    expect('unknown' in result && result.unknown).toEqual([expect.objectContaining({ source: KEY, key: 'laterSetting' })]);
  });

  it('stop for a wrong value', () => {
    expect(read([...VALUES, registryNumber('http.port', 0xfffff)])).toEqual({
      problems: [expect.objectContaining({ source: KEY, key: 'http.port' })],
    });
  });

  it.each<[string, RegistryValue, unknown]>([
    [
      'a list in one value',
      { name: 'allowedOrigins', type: 7, bytes: Buffer.from('https://a\0https://b\0\0', 'utf16le') },
      ['https://a', 'https://b'],
    ],
    ['a long number', { name: 'http.port', type: 11, bytes: Buffer.from('901f000000000000', 'hex') }, '8080'],
    ['a text without its end', { name: 'server', type: 1, bytes: Buffer.from('abc', 'utf16le') }, 'abc'],
    ['an empty text', { name: 'server', type: 1, bytes: Buffer.alloc(0) }, ''],
  ])('may be %s', (_what, value, expected) => {
    expect(settingsOf([value]).get(value.name)).toEqual(expected);
  });

  it.each<[string, RegistryValue]>([
    ['bytes', { name: 'http.port', type: 3, bytes: Buffer.alloc(4) }],
    ['a number of three bytes', { name: 'http.port', type: 4, bytes: Buffer.alloc(3) }],
  ])('are refused as %s, with the name', (_what, value) => {
    expect(() => settingsOf([value])).toThrow('http.port');
  });

  it('may come as groups, as a managed-preferences file has them', () => {
    const result = policyOf('a.plist', new Map(Object.entries({ http: { port: 8086 }, allowedOrigins: ['https://a.example.com'] })));
    expect('layer' in result && result.layer?.values.get('http.port')).toBe(8086);
  });
});
