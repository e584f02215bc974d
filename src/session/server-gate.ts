import { AppError } from '../shared/errors';
import { omitUndefined } from '../shared/omit-undefined';
import { canonicalPair, isSamePair, isWithin, serversOf, type ServerPair } from '../shared/server-pair';
import { createServerMatcher } from '../shared/server-pattern';

export interface ServerRules {
  readonly server?: string | undefined;
  readonly peer_server?: string | undefined;
  readonly allowedServers: readonly string[];
}

/** What a login names; what is absent comes from the configuration. */
export interface NamedServers {
  readonly server?: string;
  readonly peerServer?: string;
  /** Pairs to try after that one, in this order. */
  readonly otherPairs?: readonly ServerPair[];
}

/** Where a login is: the pair it was made for, and which of the two accepted it. */
export interface LoginPlace {
  readonly servers: ServerPair;
  readonly server: string;
}

/**
 * THREAT MODEL. Whoever reaches the local API (another account of this computer, a page, a second client's desktop) may name a server of
 * its own, with an account called as the agent's. It must not get the agent's password, nor a recording, a report or a word of one. So
 * everything that goes to RWS is asked for here: logins, resumed sessions, uploads and reports. INVARIANTS: nothing is sent to a server
 * that is neither configured nor in `allowedServers`; of a recording nothing is sent to a server outside the pair that commanded it.
 */
export interface ServerGate {
  /** Nothing is configured: every login is refused. */
  readonly isClosed: boolean;
  /**
   * The pairs a login leads to, each once, in the order they are tried in; at least one. Throws `AppError`: `invalidRequest` when none is
   * named or configured, `serverRefused` when a server of any of them is not allowed.
   */
  pairsFor(named: NamedServers): readonly ServerPair[];
  /** What is still allowed of a pair that was allowed once: all of it, its primary alone, or nothing. */
  stillAllowed(stored: ServerPair): ServerPair | undefined;
  /** May what belongs to a recording of this pair go nowhere any more, whoever signs in? `undefined` as for `mayTake`. */
  isRetired(recordedFor: ServerPair | undefined): boolean;
  /** Throws `AppError` `serverRefused`. */
  demand(server: string): void;
  /**
   * May what belongs to a recording go out on this login?
   * @param recordedFor the pair that commanded it; `undefined` for one of an older version, which goes to the configured servers only
   */
  mayTake(place: LoginPlace, recordedFor: ServerPair | undefined): boolean;
}

/** Throws `AppError` `configuration` for an entry of `allowedServers` that is not usable. */
export function createServerGate({ server, peer_server: peer, allowedServers }: ServerRules): ServerGate {
  const configured = server === undefined ? undefined : canonicalPair({ primary: server, peer });
  const own = configured === undefined ? [] : serversOf(configured);
  const isClosed = configured === undefined && allowedServers.length === 0;
  const matches = createServerMatcher({ allowedServers, configured: own });
  const isAllowed = (address: string): boolean => URL.canParse(address) && matches(new URL(address));
  const demand = (address: string): void => {
    if (!isAllowed(address)) throw new AppError('serverRefused', isClosed ? UNCONFIGURED : NOT_ALLOWED);
  };

  return {
    isClosed,
    demand,
    pairsFor(named) {
      const others = (named.otherPairs ?? []).map(({ primary, peer: other }) =>
        complete({ server: primary, ...omitUndefined({ peerServer: other }) }, configured),
      );
      const pairs = [complete(named, configured), ...others];
      pairs.flatMap(serversOf).forEach(demand);
      return pairs.filter((pair, index) => pairs.findIndex((earlier) => isSamePair(earlier, pair)) === index);
    },
    stillAllowed({ primary, peer: storedPeer }) {
      if (!isAllowed(primary)) return undefined;
      return canonicalPair({ primary, peer: storedPeer !== undefined && isAllowed(storedPeer) ? storedPeer : undefined });
    },
    isRetired: (recordedFor) => !(recordedFor === undefined ? own : serversOf(recordedFor)).some(isAllowed),
    mayTake(place, recordedFor) {
      if (!isAllowed(place.server)) return false;
      if (recordedFor === undefined) return own.includes(place.server);
      return serversOf(recordedFor).includes(place.server) && isOneRws(place.servers, recordedFor);
    },
  };
}

const NOT_ALLOWED = 'The login names a recording server that allowedServers does not allow.';
const UNCONFIGURED =
  'No recording server is configured on this computer, so a login cannot name one: its administrator sets server, or allowedServers.';

/** The configured peer belongs to the configured server: a login that names another server brings its own peer, or has none. */
function complete({ server, peerServer }: NamedServers, configured: ServerPair | undefined): ServerPair {
  const primary = server ?? configured?.primary;
  if (primary === undefined) {
    throw new AppError('invalidRequest', 'No RWS is known: give its address as server, in the login or in the configuration.');
  }
  const named = canonicalPair({ primary, peer: peerServer });
  if (named.peer !== undefined || configured === undefined || !isWithin(named, configured)) return named;
  return canonicalPair({ primary: named.primary, peer: serversOf(configured).find((other) => other !== named.primary) });
}

/** A peer may be configured later, or taken away. Two pairs that only share a host are two clients of it. */
function isOneRws(one: ServerPair, other: ServerPair): boolean {
  return isWithin(one, other) || isWithin(other, one);
}
