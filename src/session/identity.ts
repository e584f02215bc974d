import { isDeepStrictEqual } from 'node:util';
import { Secret } from '../lib/secret';
import type { AgentView } from '../shared/agent';
import { foldUserName } from '../shared/same-name';
import type { StoredLogin } from './ports';
import type { Credentials, RwsUser, SessionDetails } from '../rws/ports';
import { omitUndefined } from '../shared/omit-undefined';

/** Who is signed in and where, from login to logout, over every reconnection. */
export interface Identity extends StoredLogin {
  readonly sessionId: string;
}

/** In constant time, whatever differs. The name in any case: with the same password it is the same agent. */
export function isSameCredentials(one: Credentials, other: Credentials): boolean {
  const isSameUser = new Secret(foldUserName(one.userName)).equals(new Secret(foldUserName(other.userName)));
  const isSamePassword = one.password.equals(other.password);
  return isSameUser && isSamePassword;
}

export function isSameLogin(identity: Identity, next: StoredLogin): boolean {
  const isSamePlace = isDeepStrictEqual([identity.servers, identity.details], [next.servers, next.details]);
  return isSameCredentials(identity.credentials, next.credentials) && isSamePlace;
}

export function toAgentView(user: RwsUser, { place, devices }: SessionDetails): AgentView {
  const { userName, firstName, lastName } = user;
  return {
    userName,
    ...omitUndefined({ firstName, lastName, place }),
    devices,
  };
}
