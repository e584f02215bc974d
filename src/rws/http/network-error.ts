import { AppError } from '../../shared/errors';
import { RwsError } from '../../shared/rws-error';

/** Where a certificate came from, as far as the failed handshake showed it. */
export interface SeenCertificate {
  readonly subject: string;
  readonly issuer: string;
}

const NOT_TRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'CERT_REJECTED',
  'INVALID_CA',
]);
const DATES = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);
const UNREACHABLE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: is RWS running there?',
  ENOTFOUND: 'is not known to name resolution: is the address right, is the network there?',
  EAI_AGAIN: 'could not be looked up: name resolution does not answer.',
  EHOSTUNREACH: 'cannot be reached from this network.',
  ENETUNREACH: 'cannot be reached: there is no network.',
  ETIMEDOUT: 'did not answer in time.',
  ECONNRESET: 'cut the connection.',
  EPIPE: 'cut the connection.',
};
/** There was no connection to begin with, or the network went away under it. */
const LINK_DOWN = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ETIMEDOUT']);

/** A failure below HTTP, as RWS's callers see it: what was tried, what happened, what to do. The cause never holds a header. */
export function toNetworkError(error: unknown, server: string, seen?: SeenCertificate): RwsError {
  const code = codeOf(error);
  const host = new URL(server).host;
  const tls = describeTls(code, host, seen);
  if (tls !== undefined) return new RwsError({ kind: 'tls', statusMessage: tls, cause: toCause(error, code) });
  const what = UNREACHABLE[code] ?? `could not be reached (${code === '' ? 'unknown network error' : code}).`;
  return new RwsError({
    kind: 'unavailable',
    statusMessage: `${host} ${what}`,
    isLinkDown: LINK_DOWN.has(code),
    cause: toCause(error, code),
  });
}

const PROGRAM_FAULTS = [TypeError, RangeError, ReferenceError, SyntaxError];

/** A mistake of this program that came up while it asked; the network has no part in it, so it keeps its own words. */
export function toProgramFault(error: unknown): AppError | undefined {
  const causes: unknown[] = [];
  for (let current = error; current instanceof Error && causes.length < 5; current = current.cause) causes.push(current);
  const fault = causes.find((cause): cause is Error => PROGRAM_FAULTS.some((kind) => cause instanceof kind));
  if (fault === undefined) return undefined;
  return new AppError('internal', `The request to RWS could not be made: ${fault.message}`, { isExpected: false });
}

function describeTls(code: string, host: string, seen: SeenCertificate | undefined): string | undefined {
  if (NOT_TRUSTED.has(code)) {
    const issuer = seen === undefined ? 'somebody' : `“${seen.issuer}”`;
    return (
      `The certificate that answered for ${host} was issued by ${issuer}, whom this computer does not trust. ` +
      'Either a proxy or virus scanner is intercepting TLS, or RWS has a certificate of a private authority: name its CA file in rws.ca.'
    );
  }
  if (DATES.has(code)) return `The certificate of ${host} has expired or is not valid yet: renew it, or set this computer's clock.`;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const name = seen === undefined ? 'another server' : `“${seen.subject}” (issued by “${seen.issuer}”)`;
    return `The certificate that answered for ${host} is for ${name}: is the address right, or is something intercepting TLS?`;
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return `${host} does not speak TLS as this service does (${code}): is the port right, is it https?`;
  }
  return undefined;
}

function codeOf(error: unknown): string {
  for (let current = error, depth = 0; typeof current === 'object' && current !== null && depth < 5; depth += 1) {
    if (current instanceof AggregateError && current.errors.length > 0) current = current.errors[0] as object;
    const { code, cause } = current as { code?: unknown; cause?: unknown };
    if (typeof code === 'string' && cause === undefined) return code;
    if (cause === undefined) return '';
    current = cause;
  }
  return '';
}

/** A bare error with only the code: the original may drag the whole request along, credentials included. */
function toCause(error: unknown, code: string): Error {
  const name = error instanceof Error ? error.name : 'Error';
  return Object.assign(new Error(`${name}${code === '' ? '' : ` ${code}`}`), code === '' ? {} : { code });
}
