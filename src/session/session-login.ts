import type { Random } from '../lib/backoff';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { RwsGateway } from '../rws/ports';
import { AppError, describeError, isAppError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import { isRwsError } from '../shared/rws-error';
import type { Connection, Connector } from './connector';
import type { CurrentSession } from './current-session';
import { isSameLogin, toAgentView, type Identity } from './identity';
import type { KeptCredentials } from './kept-credentials';
import { attemptLogin } from './login-attempts';
import type { LoginServers } from './login-servers';
import type { LoginRequest, SignedInSession } from './ports';
import type { ServerGate } from './server-gate';
import type { SessionEvent, SessionMachineState } from './session-states';

interface SessionLoginDeps {
  readonly connector: Connector;
  readonly current: CurrentSession;
  readonly kept: KeptCredentials;
  readonly servers: LoginServers;
  readonly gate: ServerGate;
  readonly gateway: Pick<RwsGateway, 'forgiveRefusals'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly newId: () => string;
  readonly problems: ProblemReporter;
  readonly timeoutMs: number;
  /** Fires when the service stops. */
  readonly life: AbortSignal;
  readonly status: () => SessionMachineState['status'];
  readonly onEvent: (event: SessionEvent) => void;
  /** It is the current one from here on. */
  readonly onOpened: (identity: Identity, connection: Connection) => SignedInSession;
  /** Closes the current session; resolves when every closing so far is complete. */
  readonly close: (reason: string) => Promise<void>;
}

/** How an agent's session begins: by a login, or by what an earlier run kept. One at a time; whoever calls sees to that. */
export class SessionLogin {
  readonly #deps: SessionLoginDeps;

  constructor(deps: SessionLoginDeps) {
    this.#deps = deps;
  }

  async resumeStored(): Promise<void> {
    const { kept, gate, log, newId, status, life } = this.#deps;
    const stored = kept.found;
    if (stored === undefined || status() !== 'signedOut' || life.aborted) return;
    const servers = gate.stillAllowed(stored.servers);
    if (servers !== undefined) return this.#resume({ ...stored, servers, sessionId: newId() });
    log.warn('the stored session is not resumed: its server is not allowed any more');
    await kept.clear();
  }

  async logIn(request: LoginRequest): Promise<SignedInSession> {
    const { current, servers, gateway, newId, status, onEvent, life } = this.#deps;
    if (life.aborted) throw new AppError('aborted', 'The service is stopping.');
    const { credentials, details } = request;
    const sessionId = newId();
    const wanted: readonly Identity[] = servers.findAll(request).map((pair) => ({ credentials, servers: pair, details, sessionId }));
    const { identity, signedIn } = current;
    const isHere = identity !== undefined && wanted.some((one) => isSameLogin(identity, one));
    if (signedIn !== undefined && status() === 'connected' && isHere) return signedIn;
    // Until the new credentials hold, a session that is being resumed stays wanted.
    const resuming = status() === 'signingIn' ? identity : undefined;
    onEvent({ type: 'loginStarted', userName: credentials.userName });
    if (status() === 'signingIn') current.want(undefined);
    gateway.forgiveRefusals(credentials);
    try {
      const connection = await this.#attempt(wanted, credentials.userName);
      return this.#adopt({ credentials, servers: connection.servers, details, sessionId }, connection);
    } catch (error) {
      this.#noteFailed(error);
      if (resuming !== undefined && !life.aborted) this.#resume(resuming);
      throw error;
    }
  }

  #resume(identity: Identity): void {
    this.#deps.current.want(identity);
    const { credentials, servers, hasPolled = false } = identity;
    const hasPeer = servers.peer !== undefined;
    this.#deps.onEvent({ type: 'storedSessionFound', userName: credentials.userName, hasPeer, hasPolled });
  }

  #attempt(identities: readonly Identity[], userName: string): Promise<Connection> {
    const { life, status, onEvent, close } = this.#deps;
    return attemptLogin(this.#deps, {
      identities,
      signal: life,
      onValidated: async () => {
        if (status() !== 'signingIn') onEvent({ type: 'switching', userName });
        await close('the next agent signed in');
      },
    });
  }

  #adopt(identity: Identity, connection: Connection): SignedInSession {
    const { kept, onEvent, onOpened } = this.#deps;
    const { which, login, channel } = connection;
    const signedIn = onOpened(identity, connection);
    const agent = toAgentView(login.user, identity.details);
    onEvent({ type: 'opened', agent, which, hasPeer: identity.servers.peer !== undefined });
    void kept.save(identity);
    channel.release();
    return signedIn;
  }

  #noteFailed(error: unknown): void {
    const wasSigningIn = this.#deps.status() === 'signingIn';
    this.#deps.onEvent({ type: 'loginFailed' });
    if (wasSigningIn && isShown(error)) this.#deps.problems.raise('rwsUnreachable', { reason: describeError(error) });
  }
}

/** A login that found no way to RWS, or none because of our own fault; what RWS says of an agent is between it and the desktop. */
function isShown(error: unknown): boolean {
  if (isRwsError(error)) return error.kind !== 'unauthenticated' && error.kind !== 'refused';
  return !isAppError(error, 'aborted') && !isAppError(error, 'invalidRequest');
}
