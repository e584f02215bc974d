/** One way to a server. */
export interface FoundWay {
  /** As a URL, with user and password if there are any; absent: a direct way. */
  readonly proxy?: string;
  /** Why the system's settings are not followed. */
  readonly fault?: string;
  /** They admit no way that this service can go. */
  readonly isUnusable?: boolean;
}

const SCHEMES: Readonly<Record<string, string>> = { PROXY: 'http', HTTP: 'http', HTTPS: 'https' };
const MAX_SHOWN = 200;

/**
 * What a proxy script answers, as `PROXY a:3128; SOCKS5 b:1080; DIRECT`: the first way that this service can go. SOCKS it cannot.
 * @returns `isUnusable` where there is none
 */
export function readProxyList(list: string): FoundWay {
  const ways = list.split(';').map((way) => way.trim().split(/\s+/));
  for (const [kind = '', address = ''] of ways) {
    if (kind.toUpperCase() === 'DIRECT') return {};
    const scheme = SCHEMES[kind.toUpperCase()];
    const proxy = scheme === undefined ? undefined : toUrl(`${scheme}://${address}`);
    if (proxy !== undefined) return { proxy };
  }
  const shown = list.slice(0, MAX_SHOWN);
  return {
    isUnusable: true,
    fault: `The system's proxy settings give no way that this service can go: “${shown}”. Allowed are PROXY, HTTPS and DIRECT; or name an HTTP proxy in rws.proxy.`,
  };
}

function toUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url === undefined || url.hostname === '' ? undefined : `${url.protocol}//${url.host}`;
}
