/** The data centres of one RWS, which share its accounts and recordings: where a login leads, and whom a recording belongs to. */
export interface ServerPair {
  readonly primary: string;
  readonly peer?: string;
}

/**
 * Origin and base path, spelled in the one way they are compared: host in small letters, no default port, no trailing slash, query or
 * user name. Throws `TypeError` for what is no address.
 */
export function canonicalServer(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Throws `TypeError` as `canonicalServer` does. */
export function canonicalPair({ primary, peer }: { readonly primary: string; readonly peer?: string | undefined }): ServerPair {
  const [first, second] = [canonicalServer(primary), peer === undefined ? undefined : canonicalServer(peer)];
  return { primary: first, ...(second === undefined || second === first ? {} : { peer: second }) };
}

export function serversOf({ primary, peer }: ServerPair): readonly string[] {
  return peer === undefined ? [primary] : [primary, peer];
}

/** In either order. Both as `canonicalPair` gives them. */
export function isSamePair(one: ServerPair, other: ServerPair): boolean {
  return isWithin(one, other) && isWithin(other, one);
}

/** All of the first is in the second. Both as `canonicalPair` gives them. */
export function isWithin(one: ServerPair, other: ServerPair): boolean {
  const servers = serversOf(other);
  return serversOf(one).every((server) => servers.includes(server));
}

/** For people: `rws.example.com or backup.example.com:8443`. */
export function describePair(pair: ServerPair): string {
  return serversOf(pair)
    .map((server) => server.replace(/^https?:\/\//, ''))
    .join(' or ');
}
