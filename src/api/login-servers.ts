import { RWS_STATUS } from '../shared/rws-error';
import type { ServerMatcher } from '../shared/server-pattern';
import { ApiError, invalidParameter } from './errors';

export interface NamedServers {
  readonly server?: string;
  readonly peerServer?: string;
}

const ADDRESS = /^https?:\/\/[^\s\\()]+$/i;
const LIST_FORM = /^([^\s()]+)\(([^\s()]+)\)$/;

/**
 * The servers a login names, each as origin and base path without a trailing slash. `server` may be the list form
 * `https://primary(https://peer)` of one desktop family; a `peer_server` of its own goes before the one in the list.
 * Throws `ApiError`: 400 for what is no address, 403 when one of them is not allowed, so that nothing is sent to either.
 */
export function resolveServers(
  parameters: { readonly server?: string; readonly peer_server?: string },
  isAllowed: ServerMatcher,
): NamedServers {
  const [, primary = parameters.server, listedPeer] = LIST_FORM.exec(parameters.server ?? '') ?? [];
  const server = primary === undefined ? undefined : parseAddress(primary, 'server');
  const peerField = parameters.peer_server === undefined ? 'server' : 'peer_server';
  const peerText = parameters.peer_server ?? listedPeer;
  const peer = peerText === undefined ? undefined : parseAddress(peerText, peerField);
  for (const url of [server, peer]) if (url !== undefined && !isAllowed(url)) throw serverRefused();
  return {
    ...(server === undefined ? {} : { server: withoutTrailingSlash(server) }),
    ...(peer === undefined ? {} : { peerServer: withoutTrailingSlash(peer) }),
  };
}

function parseAddress(text: string, field: string): URL {
  const url = ADDRESS.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw invalidParameter(field, 'an http:// or https:// address is expected');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw invalidParameter(field, 'an address without user name, query and fragment is expected');
  }
  return url;
}

function withoutTrailingSlash(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function serverRefused(): ApiError {
  return new ApiError({
    httpStatus: 403,
    statusCode: RWS_STATUS.forbidden,
    message: 'The login names a recording server that allowedServers does not allow.',
  });
}
