import { networkInterfaces } from 'node:os';

/** Whether this computer has the address `::1`; some have no IPv6 at all. */
export const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1') === true);
