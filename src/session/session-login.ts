import { fullJitter, type Random } from '../lib/backoff';
import { delay, type Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { RwsGateway } from '../rws/ports';
import { AppError, describeError, isAppError } from '../shared/errors';
import type { ProblemReporter } from '../shared/problems';
import { omitUndefined } from '../shared/omit-undefined';
import { isRwsError, RwsError } from '../shared/rws-error';
import type { ServerPair } from '../shared/server-pair';
import type { DataCentre } from '../shared/snapshot';
import type { Connection, Connector } from './connector';
import type { CurrentSession } from './current-session';
import { isSameLogin, toAgentView, type Identity } from './identity';
import type { KeptCredentials } from './kept-credentials';
import type { LoginServers } from './login-servers';
import type { LoginRequest, SignedInSession } from './ports';
import type { ServerGate } from './server-gate';
import type { SessionEvent, SessionMachineState } from './session-states';
import { GRACE_MS } from './within-time';

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
    const wanted: Identity = { credentials, servers: servers.find(request), details, sessionId: newId() };
    const { identity, signedIn } = current;
    if (signedIn !== undefined && status() === 'connected' && identity && isSameLogin(identity, wanted)) return signedIn;
    // Until the new credentials hold, a session that is being resumed stays wanted.
    const resuming = status() === 'signingIn' ? identity : undefined;
    onEvent({ type: 'loginStarted', userName: credentials.userName });
    if (status() === 'signingIn') current.want(undefined);
    gateway.forgiveRefusals(credentials);
    try {
      return this.#adopt(wanted, await this.#attempt(wanted));
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

  #attempt(identity: Identity): Promise<Connection> {
    const { life, status, onEvent, close } = this.#deps;
    return attemptLogin(this.#deps, {
      identity,
      signal: life,
      onValidated: async () => {
        if (status() !== 'signingIn') onEvent({ type: 'switching', userName: identity.credentials.userName });
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

interface LoginAttemptsDeps {
  readonly connector: Pick<Connector, 'signIn' | 'open'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly timeoutMs: number;
}

interface LoginPlan {
  readonly identity: Identity;
  /** Called once, after the credentials were validated and before a session is opened; its time does not count. */
  readonly onValidated: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** local-api.md, *What login does*: up to 3 attempts with short back-off per server, primary then peer, all within 20 s. */
const MAX_ATTEMPTS = 3;
const TOTAL_MS = 20_000;
const BACKOFF = { firstMs: 500, maxMs: 2000 };
/** Whoever asked is told when to ask again. */
const RETRY_AFTER_MS = 5000;

/**
 * Signs in and opens a session. Throws the refusal at once, `RwsError` `unavailable` when every attempt failed, and what is no answer
 * of RWS and no lost connection (a file of `rws.ca` that cannot be read, a fault of this program) at once and as it is.
 */
async function attemptLogin(deps: LoginAttemptsDeps, plan: LoginPlan): Promise<Connection> {
  const candidates = candidatesOf(plan.identity.servers);
  const budgetMs = TOTAL_MS / candidates.length;
  let lastError: RwsError | undefined;
  const validation = once(plan.onValidated);
  for (const which of candidates) {
    try {
      return await attemptServer(deps, { ...plan, onValidated: validation }, { which, budgetMs });
    } catch (error) {
      if (!isRwsError(error) || isAboutTheAgent(error)) throw error;
      lastError = error;
    }
  }
  throw toAbandoned(lastError);
}

/** RWS's word on this agent, which no other attempt changes. A bare 404 or the like is a server that is not up yet, or is none. */
function isAboutTheAgent({ kind, statusCode, httpStatus }: RwsError): boolean {
  return kind === 'unauthenticated' || (kind === 'refused' && (statusCode !== undefined || httpStatus === 403));
}

function candidatesOf({ peer }: ServerPair): readonly DataCentre[] {
  return peer === undefined ? ['primary'] : ['primary', 'peer'];
}

async function attemptServer(
  deps: LoginAttemptsDeps,
  plan: LoginPlan,
  { which, budgetMs }: { readonly which: DataCentre; readonly budgetMs: number },
): Promise<Connection> {
  const { clock, random, log } = deps;
  const budget = new Budget(clock, budgetMs);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await attemptOnce(deps, plan, { which, budget });
    } catch (error) {
      if (!isRwsError(error)) throw error;
      log.info('login attempt failed', { which, attempt: attempt + 1, kind: error.kind, reason: error.statusMessage });
      const waitMs = Math.max(fullJitter(attempt, BACKOFF, random), error.retryAfterMs ?? 0);
      const isWorthIt = error.kind !== 'tls' && !isAboutTheAgent(error);
      if (!isWorthIt || attempt + 1 >= MAX_ATTEMPTS || waitMs >= budget.leftMs) throw error;
      await delay(clock, waitMs, plan.signal).catch(() => Promise.reject(new AppError('aborted', 'The login was cancelled.')));
    }
  }
}

async function attemptOnce(
  { connector, timeoutMs }: LoginAttemptsDeps,
  { identity, signal, onValidated }: LoginPlan,
  { which, budget }: { readonly which: DataCentre; readonly budget: Budget },
): Promise<Connection> {
  const limit = (): { ms: number; parent: AbortSignal } => ({
    ms: Math.min(timeoutMs, Math.max(budget.leftMs - GRACE_MS, budget.leftMs / 2)),
    parent: signal,
  });
  const login = await connector.signIn(identity, which, limit());
  try {
    await budget.pauseFor(onValidated);
  } catch (error) {
    login.discard();
    throw error;
  }
  return connector.open(identity, login, { which, ...limit() });
}

/** The time one server may take. */
class Budget {
  readonly #clock: Clock;
  #endsAt: number;

  constructor(clock: Clock, ms: number) {
    this.#clock = clock;
    this.#endsAt = clock.steady() + ms;
  }

  get leftMs(): number {
    return Math.max(0, this.#endsAt - this.#clock.steady());
  }

  async pauseFor(task: () => Promise<void>): Promise<void> {
    const startedAt = this.#clock.steady();
    await task();
    this.#endsAt += this.#clock.steady() - startedAt;
  }
}

function once(task: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= task());
}

function toAbandoned(error: RwsError | undefined): RwsError {
  return new RwsError({
    kind: 'unavailable',
    ...omitUndefined({ httpStatus: error?.httpStatus }),
    statusMessage: error?.statusMessage ?? 'RWS did not answer.',
    retryAfterMs: error?.retryAfterMs ?? RETRY_AFTER_MS,
    cause: error,
  });
}
