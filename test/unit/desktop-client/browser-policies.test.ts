import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (name: string): string => readFileSync(join(__dirname, '../../../docs/browser-policies', name), 'utf8');
const URLS = ['https://desktop.example.com', 'https://[*.]desktop.example.com'];
const HOSTS = ['desktop.example.com', '*.desktop.example.com'];

/** The values of every key of a registry file. */
function parseRegistry(text: string): Record<string, string[]> {
  const keys: Record<string, string[]> = {};
  let current: string[] = [];
  for (const line of text.split('\r\n').slice(1)) {
    const key = /^\[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\(.+)\]$/.exec(line)?.[1];
    const value = /^"(\w+)"=(.+)$/.exec(line);
    if (key !== undefined) keys[key] = current = [];
    else if (value !== null)
      current.push(value[2]?.startsWith('dword') ? `${value[1]}=${Number.parseInt(value[2].slice(6), 16)}` : String(value[2]).slice(1, -1));
    else expect(line).toBe('');
  }
  return keys;
}

describe('the ready browser policies', () => {
  test('allow the same pages in Chrome and Edge, under the newer and the older name', () => {
    expect(JSON.parse(read('chrome-edge.json'))).toEqual({ LoopbackNetworkAllowedForUrls: URLS, LocalNetworkAccessAllowedForUrls: URLS });
  });

  test('allow the same pages in Firefox', () => {
    expect(JSON.parse(read('firefox/policies.json'))).toMatchObject({ policies: { LocalNetworkAccess: { SkipDomains: HOSTS } } });
  });

  test('say the same on Windows', () => {
    const text = read('windows.reg');
    expect(text).toMatch(/^Windows Registry Editor Version 5\.00\r\n/);
    expect(parseRegistry(text)).toEqual({
      'Google\\Chrome\\LoopbackNetworkAllowedForUrls': URLS,
      'Google\\Chrome\\LocalNetworkAccessAllowedForUrls': URLS,
      'Microsoft\\Edge\\LoopbackNetworkAllowedForUrls': URLS,
      'Microsoft\\Edge\\LocalNetworkAccessAllowedForUrls': URLS,
      'Mozilla\\Firefox\\LocalNetworkAccess': ['Enabled=1', 'Locked=1'],
      'Mozilla\\Firefox\\LocalNetworkAccess\\SkipDomains': HOSTS,
      'Mozilla\\Firefox\\Certificates': ['ImportEnterpriseRoots=1'],
    });
  });
});
