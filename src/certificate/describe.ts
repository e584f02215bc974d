import type { X509Certificate } from 'node:crypto';

/** What `srs certificate show` prints of a certificate. */
export function describeCertificate(certificate: X509Certificate): readonly string[] {
  return [
    `Subject:      ${oneLine(certificate.subject)}`,
    `Issued by:    ${oneLine(certificate.issuer)}`,
    ...(certificate.subjectAltName === undefined ? [] : [`Names:        ${certificate.subjectAltName}`]),
    `Valid:        ${day(certificate.validFrom)} to ${day(certificate.validTo)}`,
    `Fingerprint:  SHA-256 ${certificate.fingerprint256}`,
  ];
}

function oneLine(name: string): string {
  return name.split('\n').join(', ');
}

function day(time: string): string {
  return new Date(time).toISOString().slice(0, 10);
}
