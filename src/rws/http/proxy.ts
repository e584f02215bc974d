import { getProxyForUrl } from 'proxy-from-env';

/**
 * The proxy on the way to a server, or `undefined` for a direct way: `rws.proxy`, else the environment (`HTTPS_PROXY`, `HTTP_PROXY`,
 * `ALL_PROXY`). `NO_PROXY` excepts servers from both. Loopback never goes through a proxy of the environment.
 */
export function findProxy(
  server: string,
  configured: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const url = new URL(server);
  if (configured !== undefined) return isExcepted(url, environment) ? undefined : configured;
  if (isLoopback(url.hostname)) return undefined;
  const proxy = getProxyForUrl(server);
  return proxy === '' ? undefined : proxy;
}

/** Where the environment names a proxy, it alone decides. */
export function hasProxyOfEnvironment(environment: NodeJS.ProcessEnv = process.env): boolean {
  const names = ['https_proxy', 'http_proxy', 'all_proxy'];
  return names.flatMap((name) => [name, name.toUpperCase()]).some((name) => (environment[name] ?? '') !== '');
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Does `NO_PROXY` name it? The rules of `proxy-from-env`, which it applies to the environment's own proxies only. */
export function isExcepted(url: URL, environment: NodeJS.ProcessEnv): boolean {
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  const entries = (environment['no_proxy'] ?? environment['NO_PROXY'] ?? '').toLowerCase().split(/[\s,]+/);
  return entries.filter(Boolean).some((entry) => {
    if (entry === '*') return true;
    const [, name = entry, onlyPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
    if (onlyPort !== undefined && onlyPort !== port) return false;
    const suffix = name.replace(/^\*/, '');
    return /^[.*]/.test(name) ? url.hostname.endsWith(suffix) : url.hostname === name;
  });
}
