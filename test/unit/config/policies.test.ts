import { policyOf } from '../../../src/config/policies';
import { parseRegistry } from '../../../src/config/registry-text';

const KEY = 'HKLM\\Software\\Policies\\ScreenRecordingService';
const TEXT = [
  '',
  'HKEY_LOCAL_MACHINE\\Software\\Policies\\ScreenRecordingService',
  '    server    REG_SZ    https://rws.example.com',
  '    requireOrigin    REG_DWORD    0x0',
  '    http.port    REG_DWORD    0x1f96',
  '    rws.timeoutSeconds    REG_SZ    2.5',
  '    laterSetting    REG_SZ    a value with    blanks',
  '',
  'HKEY_LOCAL_MACHINE\\Software\\Policies\\ScreenRecordingService\\allowedOrigins',
  '    1    REG_SZ    https://a.example.com',
  '    2    REG_SZ    https://b.example.com',
  '',
].join('\r\n');

describe('policies in the registry', () => {
  it('are read with the types of their settings', () => {
    const result = policyOf(KEY, parseRegistry(TEXT, KEY));
    expect('layer' in result && Object.fromEntries(result.layer?.values ?? [])).toEqual({
      server: 'https://rws.example.com',
      requireOrigin: false,
      'http.port': 8086,
      'rws.timeoutSeconds': 2.5,
      allowedOrigins: ['https://a.example.com', 'https://b.example.com'],
    });
    expect('unknown' in result && result.unknown).toEqual([expect.objectContaining({ source: KEY, key: 'laterSetting' })]);
  });

  it('stop for a wrong value', () => {
    const result = policyOf(KEY, parseRegistry(TEXT.replace('0x1f96', '0xfffff'), KEY));
    expect(result).toEqual({ problems: [expect.objectContaining({ source: KEY, key: 'http.port' })] });
  });

  it('may come as groups, as a managed-preferences file has them', () => {
    const result = policyOf('a.plist', new Map(Object.entries({ http: { port: 8086 }, allowedOrigins: ['https://a.example.com'] })));
    expect('layer' in result && result.layer?.values.get('http.port')).toBe(8086);
  });
});
