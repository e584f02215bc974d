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

/** What `srs certificate show --json` gives of one. Times are ISO 8601. */
export function certificateFacts(certificate: X509Certificate): Readonly<Record<string, string | undefined>> {
  return {
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    names: certificate.subjectAltName,
    validFrom: new Date(certificate.validFrom).toISOString(),
    validTo: new Date(certificate.validTo).toISOString(),
    fingerprint256: certificate.fingerprint256,
  };
}

function oneLine(name: string): string {
  return name.split('\n').join(', ');
}

function day(time: string): string {
  return new Date(time).toISOString().slice(0, 10);
}
