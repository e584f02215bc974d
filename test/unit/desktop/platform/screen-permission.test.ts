import { reportScreenPermission } from '../../../../src/desktop/platform/screen-permission';

it.each([
  ['darwin', 'denied', ['capturePermission']],
  ['darwin', 'restricted', ['capturePermission']],
  ['darwin', 'granted', []],
  ['darwin', 'not-determined', ['capturePermission']],
  ['linux', 'denied', []],
] as const)('on %s, screen recording %s raises %j', async (platform, status, expected) => {
  const raised: string[] = [];
  await reportScreenPermission({
    platform,
    systemPreferences: { getMediaAccessStatus: () => status },
    tryOnce: async () => undefined,
    problems: { raise: (code) => void raised.push(code), clear: () => undefined },
  });
  expect(raised).toEqual(expected);
});

it('makes the system ask before it calls the permission refused', async () => {
  let status: 'denied' | 'granted' = 'denied';
  const raised: string[] = [];
  await reportScreenPermission({
    platform: 'darwin',
    systemPreferences: { getMediaAccessStatus: () => status },
    tryOnce: async () => void (status = 'granted'),
    problems: { raise: (code) => void raised.push(code), clear: () => undefined },
  });
  expect(raised).toEqual([]);
});
