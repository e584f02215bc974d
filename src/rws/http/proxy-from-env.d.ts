declare module 'proxy-from-env' {
  /** The proxy the environment names for an address; an empty string for none. */
  export function getProxyForUrl(url: string | URL): string;
}
