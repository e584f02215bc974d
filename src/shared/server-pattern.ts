import { AppError } from './errors';

/**
 * `allowedServers` (config-and-cli.md): which recording servers a login may name, so that nobody can have an agent's password or screen
 * sent to a server of their choice. `host`, `host:port` or `scheme://host[:port]`; `*.` stands for one or more leading labels; no scheme means https;
 * no port means any.
 */
export type ServerMatcher = (server: URL) => boolean;

export interface ServerRules {
  readonly allowedServers: readonly string[];
  /** The configured `server` and `peer_server`, as far as there are any: always allowed. With nothing configured or listed, nothing is. */
  readonly configured: readonly string[];
}

const ENTRY = /^(?:(https?):\/\/)?(\*\.)?([^\s/?#@\\*,:[\]]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?\/?$/i;
const LABELS = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
const IP_ADDRESS = /^(?:[\d.]+|\[.*\])$/;

/** @returns what is wrong with an entry of `allowedServers`, naming it; `undefined` when it is usable */
export function serverPatternProblem(entry: string): string | undefined {
  const compiled = compile(entry);
  return typeof compiled === 'string' ? compiled : undefined;
}

/** Throws `AppError` `configuration` for an entry that is not usable. */
export function createServerMatcher({ allowedServers, configured }: ServerRules): ServerMatcher {
  const matchers = allowedServers.map((entry) => {
    const compiled = compile(entry);
    if (typeof compiled === 'string') throw new AppError('configuration', compiled);
    return compiled;
  });
  const own = new Set(configured.map((server) => new URL(server).origin));
  return (server) => own.has(server.origin) || matchers.some((matches) => matches(server));
}

function compile(entry: string): ServerMatcher | string {
  const refuse = (why: string): string => `allowedServers: "${entry}" ${why}`;
  if (/^(?:https?:\/\/)?\*\.?(?::\d+)?\/?$/i.test(entry)) {
    return refuse('would allow every server in the world; name yours, such as "*.example.com"');
  }
  const [, scheme = 'https', wildcard, host, port] = ENTRY.exec(entry) ?? [];
  if (host === undefined || !URL.canParse(`https://${host}:${port ?? 443}`)) {
    return refuse('is not a server; write "host", "host:port" or "https://host:port", with "*." for leading labels');
  }
  const protocol = `${scheme.toLowerCase()}:`;
  const hostname = new URL(`https://${host}`).hostname;
  if (wildcard !== undefined && IP_ADDRESS.test(hostname))
    return refuse('puts a wildcard before an address; only names have leading labels');
  const isHost = wildcard === undefined ? (candidate: string): boolean => candidate === hostname : belowDomain(hostname);
  const portNumber = port === undefined ? undefined : Number(port);
  return (server) =>
    server.protocol === protocol && isHost(server.hostname) && (portNumber === undefined || effectivePort(server) === portNumber);
}

function belowDomain(domain: string): (candidate: string) => boolean {
  const suffix = `.${domain}`;
  return (candidate) => candidate.endsWith(suffix) && LABELS.test(candidate.slice(0, -suffix.length));
}

function effectivePort(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}
