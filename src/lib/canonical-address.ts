/** An IPv6 address in its one shortest form, without its zone: `::1`. An IPv4 address within one comes out as that: `127.0.0.1`. */
export function canonicalAddress(address: string): string {
  const short = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [, high = '', low = ''] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === '') return short;
  const [left, right] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [left >> 8, left & 0xff, right >> 8, right & 0xff].join('.');
}
