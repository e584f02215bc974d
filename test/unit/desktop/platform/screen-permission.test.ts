import { reportScreenPermission } from '../../../../src/desktop/platform/screen-permission';

it.each([
  ['darwin', 'denied', ['capturePermission']],
  ['darwin', 'restricted', ['capturePermission']],
  ['darwin', 'granted', []],
  ['darwin', 'not-determined', []],
  ['linux', 'denied', []],
] as const)('on %s, screen recording %s raises %j', (platform, status, expected) => {
  const raised: string[] = [];
  reportScreenPermission(
    platform,
    { getMediaAccessStatus: () => status },
    { raise: ({ code }) => void raised.push(code), clear: () => undefined },
  );
  expect(raised).toEqual(expected);
});
