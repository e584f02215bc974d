import type { RwsUser } from '../rws/ports';
import { omitUndefined } from '../shared/omit-undefined';
import type { RecordedAgent } from '../shared/recording';
import type { Connection } from './connector';
import { isSameCredentials, type Identity } from './identity';
import type { SessionHooks, SignedInSession } from './ports';

/** Who is signed in, and the connection to RWS of the moment. INVARIANT: what was taken out can neither be taken twice nor be heard any more. */
export class CurrentSession {
  readonly #hooks: Pick<SessionHooks, 'openedLogin' | 'releaseLogin'>;
  #identity: Identity | undefined;
  #signedIn: SignedInSession | undefined;
  #connection: Connection | undefined;

  constructor(hooks: Pick<SessionHooks, 'openedLogin' | 'releaseLogin'>) {
    this.#hooks = hooks;
  }

  /** Wanted from a login or a restart on, before anything is open. */
  get identity(): Identity | undefined {
    return this.#identity;
  }

  get signedIn(): SignedInSession | undefined {
    return this.#signedIn;
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  want(identity: Identity | undefined): void {
    this.#identity = identity;
  }

  /** The connection is the current one from here on. The login before it goes to the upload queue, which drops it for the new one. */
  adopt(identity: Identity, connection: Connection): SignedInSession {
    const before = this.#connection;
    before?.channel.close();
    this.#identity = identity;
    this.#connection = connection;
    const signedIn = toSignedIn(identity, connection.login.user);
    this.#signedIn = signedIn;
    this.#hooks.openedLogin(connection.login, connection.servers);
    if (before !== undefined) this.#hooks.releaseLogin(before.login, before.servers);
    return signedIn;
  }

  /** @returns the connection, for whoever closes it */
  takeConnection(): Connection | undefined {
    const connection = this.#connection;
    this.#connection = undefined;
    return connection;
  }

  clear(): void {
    this.#connection = undefined;
    this.#signedIn = undefined;
    this.#identity = undefined;
  }

  /** RWS has lost the session. The login stays: uploads may still get through with it. */
  drop(): void {
    this.#connection?.channel.close();
    this.#connection?.session.discard();
  }

  /** Whom a recording that is commanded now belongs to. */
  recordedAgent(): RecordedAgent | undefined {
    if (this.#connection === undefined) return undefined;
    const { login, servers } = this.#connection;
    const { userName, contactCenterId } = login.user;
    return { userName, servers, ...omitUndefined({ place: this.#identity?.details.place, contactCenterId }) };
  }
}

function toSignedIn({ sessionId, credentials }: Identity, user: RwsUser): SignedInSession {
  return { sessionId, user, verify: (other) => isSameCredentials(credentials, other) };
}
