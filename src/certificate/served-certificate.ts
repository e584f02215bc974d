import { X509Certificate } from 'node:crypto';
import { duplexPair } from 'node:stream';
import { connect, createSecureContext, TLSSocket } from 'node:tls';
import type { TlsMaterial } from '../lib/tls-material';

/**
 * The certificate a client would be shown. Shakes hands in memory, which is also the proof that key, certificate, passphrase and algorithms are usable
 * with TLS 1.2; Node has no other way to look into a PFX.
 */
export function readServedCertificate(material: TlsMaterial): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const [near, far] = duplexPair();
    const server = new TLSSocket(far, { isServer: true, secureContext: createSecureContext({ ...material, minVersion: 'TLSv1.2' }) });
    const client = connect({ socket: near, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
    const end = (): void => {
      client.destroy();
      server.destroy();
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    server.once('error', fail);
    client.once('error', fail);
    client.once('secureConnect', () => {
      const { raw } = client.getPeerCertificate(false);
      end();
      resolve(new X509Certificate(raw));
    });
  });
}
