import type { LoginConfiguration } from '../../../desktop-client';

/** Reads `7001@Switch, 7002@Switch`. Without a switch it is empty. */
export function parseDevices(text: string): NonNullable<LoginConfiguration['devices']> {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const [dn = '', ...rest] = item.split('@');
      return { dn: dn.trim(), switch: rest.join('@').trim() };
    });
}
