import { webcrypto, X509Certificate } from 'node:crypto';
import type { TlsMaterial, TlsSource } from '../../src/api/ports';
import { Emitter } from '../../src/shared/emitter';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate for the loopback names, in PEM. `name` tells two of them apart. */
export async function selfSignedCertificate(name = 'loopback'): Promise<{ readonly key: string; readonly cert: string }> {
  const x509 = await import('@peculiar/x509');
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const now = Date.now();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: new Date(now - 60_000),
    notAfter: new Date(now + 86_400_000),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.SubjectAlternativeNameExtension([
        { type: 'ip', value: '127.0.0.1' },
        { type: 'dns', value: 'localhost' },
      ]),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`, cert: certificate.toString('pem') };
}

export function commonName(cert: string): string {
  return new X509Certificate(cert).subject.replace('CN=', '');
}

/** A `TlsSource` whose material a test can replace. */
export class FakeTlsSource implements TlsSource {
  #material: TlsMaterial;
  readonly #changes = new Emitter<void>();

  constructor(material: TlsMaterial) {
    this.#material = material;
  }

  current(): Promise<TlsMaterial> {
    return Promise.resolve(this.#material);
  }

  onChange(listener: () => void): () => void {
    return this.#changes.subscribe(listener);
  }

  replace(material: TlsMaterial): void {
    this.#material = material;
    this.#changes.emit();
  }
}
