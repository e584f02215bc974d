import type { TlsSource } from '../../src/api/ports';
import type { TlsMaterial } from '../../src/lib/tls-material';
import { issueAuthority, issueServer } from '../../src/certificate/issue';
import { Emitter } from '../../src/shared/emitter';

export interface LoopbackCertificate {
  readonly key: string;
  readonly cert: string;
  /** Of the authority that a client has to trust. */
  readonly ca: string;
  /** As `tls.PeerCertificate` gives it. */
  readonly fingerprint256: string;
}

/** A new certificate for the loopback names, from an authority of its own. */
export async function issueLoopbackCertificate(): Promise<LoopbackCertificate> {
  const validity = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 86_400_000) };
  const authority = await issueAuthority(validity);
  const server = await issueServer({ ...validity, authority: authority.certificate, authorityKey: authority.key });
  return {
    key: String(server.key.export({ type: 'pkcs8', format: 'pem' })),
    cert: server.certificate.toString(),
    ca: authority.certificate.toString(),
    fingerprint256: server.certificate.fingerprint256,
  };
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
