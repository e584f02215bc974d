import { AppError } from './errors';

/**
 * `allowedOrigins` (local-api.md, *CORS and browsers*): an exact origin, or `*.` for one or more leading labels of its host.
 * Compared with the Origin header byte by byte, in the one form browsers write it in; so `null`, lists and near misses never match.
 */
export type OriginMatcher = (origin: string) => boolean;

const ENTRY = /^([a-z][a-z0-9+.-]*):\/\/(\*\.)?([^\s/?#@\\*,:[\]]+|\[[0-9a-f:.]+\])(:\d{1,5})?\/?$/i;
const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
const IP_ADDRESS = /^(?:[\d.]+|\[.*\])$/;
/** Their pages all share the origin `null`, or none. */
const UNUSABLE_SCHEMES: readonly string[] = ['file', 'data', 'blob', 'javascript', 'about'];

/** @returns what is wrong with an entry of `allowedOrigins`, naming it; `undefined` when it is usable */
export function originPatternProblem(entry: string): string | undefined {
  const compiled = compile(entry);
  return typeof compiled === 'string' ? compiled : undefined;
}

/**
 * @param entries `allowedOrigins`; throws `AppError` `configuration` for one that is not usable
 * @param servers addresses whose own origins are allowed too
 */
export function createOriginMatcher(entries: readonly string[], servers: readonly string[] = []): OriginMatcher {
  const matchers = entries.map((entry) => {
    const compiled = compile(entry);
    if (typeof compiled === 'string') throw new AppError('configuration', compiled);
    return compiled;
  });
  const own = new Set(servers.map((server) => new URL(server).origin));
  return (origin) => own.has(origin) || matchers.some((matches) => matches(origin));
}

function compile(entry: string): OriginMatcher | string {
  const refuse = (why: string): string => `allowedOrigins: "${entry}" ${why}`;
  if (/^(?:[a-z][a-z0-9+.-]*:\/\/)?\*\.?(?::\d+)?\/?$/i.test(entry)) {
    return refuse('would let in every page in the world; name the agent desktop, such as "https://desktop.example.com"');
  }
  if (entry.toLowerCase() === 'null') return refuse('is the origin of every sandboxed page, so it cannot be allowed');
  const [, scheme, wildcard, host, port = ''] = ENTRY.exec(entry) ?? [];
  if (scheme === undefined || host === undefined) {
    return refuse('is not an origin; write scheme, host and port only, such as "https://desktop.example.com" or "https://*.example.com"');
  }
  const origin = canonicalOrigin(scheme.toLowerCase(), host, port);
  if (origin === undefined) return refuse('has a scheme, host or port that no page can have');
  if (wildcard === undefined) return (candidate) => candidate === origin;
  const hostStart = origin.indexOf('://') + 3;
  const [prefix, suffix] = [origin.slice(0, hostStart), `.${origin.slice(hostStart)}`];
  if (IP_ADDRESS.test(suffix.slice(1).replace(/:\d+$/, '')))
    return refuse('puts a wildcard before an address; only names have leading labels');
  return (candidate) =>
    candidate.length > prefix.length + suffix.length &&
    candidate.startsWith(prefix) &&
    candidate.endsWith(suffix) &&
    LABELS.test(candidate.slice(prefix.length, -suffix.length));
}

function canonicalOrigin(scheme: string, host: string, port: string): string | undefined {
  if (UNUSABLE_SCHEMES.includes(scheme)) return undefined;
  const text = `${scheme}://${host}${port}`;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.origin === 'null' ? text.toLowerCase() : url.origin;
}
