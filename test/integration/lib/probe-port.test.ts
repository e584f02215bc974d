import { createServer, type AddressInfo } from 'node:net';
import { isWithoutIpv6, probePort } from '../../../src/lib/probe-port';
import { hasIpv6 } from '../../support/ipv6';

describe('probePort', () => {
  it.each(hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'])('sees a port that is taken on %s, and that it is free again', async (address) => {
    const other = createServer().listen({ port: 0, host: address });
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await probePort(port)).toEqual({ address, code: 'EADDRINUSE' });
    await new Promise((resolve) => other.close(resolve));
    expect(await probePort(port)).toBeUndefined();
  });

  it('takes no missing IPv6 for a taken port', () => {
    expect(isWithoutIpv6('::1', 'EADDRNOTAVAIL')).toBe(true);
    expect(isWithoutIpv6('127.0.0.1', 'EADDRNOTAVAIL')).toBe(false);
    expect(isWithoutIpv6('::1', 'EADDRINUSE')).toBe(false);
  });
});
