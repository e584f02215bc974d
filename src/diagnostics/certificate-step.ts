import type { X509Certificate } from 'node:crypto';
import { daysLeft } from '../certificate/judge';
import { hasOrganisationCertificate, loadOrganisationCertificate } from '../certificate/organisation-certificate';
import { OwnCertificateFiles } from '../certificate/own-certificate-files';
import { dataPaths } from '../config/data-paths';
import type { Configuration } from '../config/schema';
import { DirectoryKeychain } from '../lib/directory-keychain';
import type { Keychain } from '../lib/keychain';
import { ok, skipped, failed, warning, type StepResult } from './step';

const NAME = 'https certificate';
const SOON_DAYS = 30;

/** The certificate that the https address has, or will have. */
export async function certificateStep({ https, dataDirectory }: Configuration, keychain: Keychain, now: number): Promise<StepResult> {
  if (!https.enabled) return skipped(NAME, 'https is switched off.');
  if (hasOrganisationCertificate(https)) {
    const { certificate } = await loadOrganisationCertificate(https, new DirectoryKeychain(keychain, dataDirectory));
    return judge(certificate, now, 'Renew it, and replace the files that https.certificate and https.key, or https.pfx, name.');
  }
  const { authority, server } = await new OwnCertificateFiles(dataPaths(dataDirectory).certificate).read();
  if (authority === undefined || server === undefined) return ok(NAME, 'The service makes its own at its start.');
  const remedy = 'Start the service, which makes a new one, or run "srs certificate renew"; then "srs certificate trust".';
  return judge(daysLeft(authority, now) <= 0 ? authority : server.certificate, now, remedy);
}

function judge(certificate: X509Certificate, now: number, remedy: string): StepResult {
  const from = day(certificate.validFrom);
  const to = day(certificate.validTo);
  if (Date.parse(certificate.validFrom) > now) {
    return failed(
      NAME,
      `It is valid from ${from} only, and this computer's clock says ${day(now)}.`,
      'Set the clock, or use a certificate that is valid.',
    );
  }
  const left = daysLeft(certificate, now);
  if (left <= 0) return failed(NAME, `It expired on ${to}: browsers refuse the https address.`, remedy);
  // The service renews its own by itself; on a computer that is off for weeks it cannot.
  if (left <= SOON_DAYS) return warning(NAME, `It expires on ${to}.`, remedy);
  return ok(NAME, `Valid until ${to}.`);
}

const day = (time: string | number): string => new Date(time).toISOString().slice(0, 10);
