import type { LoginRequest } from '../../service/ports';
import { canonicalServer } from '../../shared/server-pair';
import { invalidParameter } from '../errors';
import { omitUndefined } from '../../shared/omit-undefined';

type NamedServers = Pick<LoginRequest, 'server' | 'peerServer'>;

const ADDRESS = /^https?:\/\/[^\s\\()]+$/i;
const LIST_FORM = /^([^\s()]+)\(([^\s()]+)\)$/;

/**
 * The servers a login names, each as origin and base path without a trailing slash. `server` may be the list form
 * `https://primary(https://peer)` of one desktop family; a `peer_server` of its own goes before the one in the list.
 * Throws `ApiError` 400 for what is no address. Whether they are allowed is the service's business.
 */
export function resolveServers(parameters: { readonly server?: string; readonly peer_server?: string }): NamedServers {
  const [, primary = parameters.server, listedPeer] = LIST_FORM.exec(parameters.server ?? '') ?? [];
  const server = primary === undefined ? undefined : parseAddress(primary, 'server');
  const peerField = parameters.peer_server === undefined ? 'server' : 'peer_server';
  const peerText = parameters.peer_server ?? listedPeer;
  const peer = peerText === undefined ? undefined : parseAddress(peerText, peerField);
  return { ...omitUndefined({ server, peerServer: peer }) };
}

function parseAddress(text: string, field: string): string {
  const url = ADDRESS.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw invalidParameter(field, 'an http:// or https:// address is expected');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalidParameter(field, 'an address without user name, query and fragment is expected');
  }
  return canonicalServer(url.href);
}
