import type { LoginRequest } from '../../service/ports';
import { canonicalServer, type ServerPair } from '../../shared/server-pair';
import { invalidParameter } from '../errors';
import { omitUndefined } from '../../shared/omit-undefined';

type NamedServers = Pick<LoginRequest, 'server' | 'peerServer' | 'otherPairs'>;

const ADDRESS = /^https?:\/\/[^\s\\(),]+$/i;
const LIST_FORM = /^([^\s()]+)\(([^\s()]+)\)$/;
/** Each pair shares the time of the login: with more, none would have enough. */
const MAX_PAIRS = 4;

/**
 * The servers a login names, each as origin and base path without a trailing slash. `server` may be the list form
 * `https://a(https://b),https://c(https://d)` of one desktop family, peers optional; a `peer_server` of its own goes before the first
 * pair's.
 * Throws `ApiError` 400 for what is no address. Whether they are allowed is the service's business.
 */
export function resolveServers(parameters: { readonly server?: string; readonly peer_server?: string }): NamedServers {
  const [first, ...others] = parameters.server === undefined ? [] : parseList(parameters.server);
  const ownPeer = parameters.peer_server === undefined ? undefined : parseAddress(parameters.peer_server, 'peer_server');
  const peerServer = ownPeer ?? first?.peer;
  return omitUndefined({ server: first?.primary, peerServer, otherPairs: others.length === 0 ? undefined : others });
}

function parseList(text: string): readonly ServerPair[] {
  const entries = text.split(',').map((entry) => entry.trim());
  if (entries.length > MAX_PAIRS) throw invalidParameter('server', `at most ${MAX_PAIRS} pairs of servers are expected`);
  return entries.map(parsePair);
}

function parsePair(text: string): ServerPair {
  const [, primary = text, peer] = LIST_FORM.exec(text) ?? [];
  return { primary: parseAddress(primary, 'server'), ...(peer === undefined ? {} : { peer: parseAddress(peer, 'server') }) };
}

function parseAddress(text: string, field: string): string {
  const url = ADDRESS.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw invalidParameter(field, 'an http:// or https:// address is expected');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalidParameter(field, 'an address without user name, query and fragment is expected');
  }
  return canonicalServer(url.href);
}
