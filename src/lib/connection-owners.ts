/** One end of a TCP connection: the address as Node writes it, such as `127.0.0.1` or `::1`. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** A connection as this process sees it: `local` is its own end. */
export interface ConnectionEnds {
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/**
 * Who holds the other end of a connection on this computer.
 * `gone`: nobody does any more, or something stands between (a port redirection). `untold`: it cannot be told here, or not of this one.
 */
export type ConnectionOwner =
  | { readonly relation: 'sameUser' | 'gone'; readonly user?: undefined }
  /** `reason` is for the log: one plain sentence without its end. */
  | { readonly relation: 'untold'; readonly reason: string; readonly user?: undefined }
  /** `user` names the other one for the log: a name, or a number where there is none. An administrator can read all that this user can. */
  | { readonly relation: 'otherUser' | 'administrator'; readonly user: string };

/** Who listens on a port. */
export interface PortHolder {
  readonly owner: ConnectionOwner;
  /** Absent where this user may not see into the process. */
  readonly process?: { readonly id: number; readonly name?: string };
}

/** Tells the users of this computer apart by their connections and ports. */
export interface ConnectionOwners {
  /** Rejects when it could not be found out in time: nothing is known then, and nothing may be granted. */
  ownerOf(connection: ConnectionEnds): Promise<ConnectionOwner>;
  /** Who listens on a port of the loopback addresses; `undefined` when nobody is seen to. */
  holderOf(port: number): Promise<PortHolder | undefined>;
  /** Whether several people are signed in to a system made for that, so that a caller who cannot be told may be any of them. */
  isShared(): Promise<boolean>;
}

/** For systems that have no adapter. */
export const untoldOwners: ConnectionOwners = {
  ownerOf: () => Promise.resolve({ relation: 'untold', reason: 'this system does not tell which user a caller is' }),
  holderOf: () => Promise.resolve(undefined),
  isShared: () => Promise.resolve(false),
};
