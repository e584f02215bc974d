import type { X509Certificate } from 'node:crypto';
import type { Issued } from './issue';
import { LOOPBACK_NAMES } from './issue';

const DAY_MS = 86_400_000;
/** A clock that is put right by a day must not make a new certificate invalid. */
const BACKDATED_MS = DAY_MS;
const AUTHORITY_DAYS = 3650;
/** With the authority's key at hand a new one costs nothing. */
const RENEWABLE_DAYS = 90;
/** Without it a new one has to be trusted again. Apple takes no longer than 825 days: https://support.apple.com/en-us/103769 */
const UNRENEWABLE_DAYS = 820;
const RENEW_DAYS_AHEAD = 30;

export function validity(
  now: number,
  kind: 'authority' | 'renewable' | 'unrenewable',
): { readonly notBefore: Date; readonly notAfter: Date } {
  const days = { authority: AUTHORITY_DAYS, renewable: RENEWABLE_DAYS, unrenewable: UNRENEWABLE_DAYS }[kind];
  return { notBefore: new Date(now - BACKDATED_MS), notAfter: new Date(now + days * DAY_MS) };
}

/** Whether an authority can still be signed with: it must outlive what it signs. */
export function isAuthorityUsable(authority: X509Certificate, now: number): boolean {
  return authority.ca && daysLeft(authority, now) > RENEWABLE_DAYS;
}

export type ServerVerdict = 'good' | 'due' | 'unusable';

/** `due`: still good, but to be replaced. */
export function judgeServer({ certificate, key }: Issued, authority: X509Certificate, now: number): ServerVerdict {
  const isOurs = certificate.verify(authority.publicKey) && certificate.checkIssued(authority) && certificate.checkPrivateKey(key);
  const coversAll = LOOPBACK_NAMES.every((name) => certificate.checkHost(name) ?? certificate.checkIP(name));
  // “Not valid yet” is a wrong clock, not a wrong certificate: replacing it would undo the trust that was given.
  const isInTime = daysLeft(certificate, now) > 0 && daysLeft(authority, now) > 0;
  if (!isOurs || !coversAll || !isInTime) return 'unusable';
  return daysLeft(certificate, now) > RENEW_DAYS_AHEAD ? 'good' : 'due';
}

/** Whether the authority's key was already lost when this was signed: only then does it last so long. */
export function isWithoutAuthorityKey(certificate: X509Certificate): boolean {
  return (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / DAY_MS > 2 * RENEWABLE_DAYS;
}

export function daysLeft(certificate: X509Certificate, now: number): number {
  return (Date.parse(certificate.validTo) - now) / DAY_MS;
}
