import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, type ConnectionOptions, type SecureContextOptions } from 'node:tls';

/** Serves `material` on a real socket and shakes hands as a client that trusts `ca` alone. @returns the protocol; rejects with the client's error */
export async function shakeHands(material: SecureContextOptions, ca: string, client: ConnectionOptions = {}): Promise<string> {
  const server = createServer(material);
  server.on('tlsClientError', () => undefined); // the client's own error tells
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await new Promise<string>((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, ca, ...client }, () => {
        resolve(String(socket.getProtocol()));
        socket.destroy();
      });
      socket.once('error', reject);
    });
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
