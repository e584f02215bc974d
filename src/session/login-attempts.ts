import { fullJitter, type Random } from '../lib/backoff';
import { delay, type Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import { AppError } from '../shared/errors';
import { omitUndefined } from '../shared/omit-undefined';
import { isRwsError, RwsError } from '../shared/rws-error';
import type { DataCentre } from '../shared/snapshot';
import type { Connection, Connector } from './connector';
import type { Identity } from './identity';
import { GRACE_MS } from './within-time';

interface LoginAttemptsDeps {
  readonly connector: Pick<Connector, 'signIn' | 'open'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly timeoutMs: number;
}

interface LoginPlan {
  /** The same login at one pair of servers after the other; at least one. */
  readonly identities: readonly Identity[];
  /** Called once, after the credentials were validated and before a session is opened; its time does not count. */
  readonly onValidated: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** local-api.md, *What login does*: up to 3 attempts with short back-off per server, pair by pair, primary then peer, all within 20 s. */
const MAX_ATTEMPTS = 3;
const TOTAL_MS = 20_000;
const BACKOFF = { firstMs: 500, maxMs: 2000 };
/** Whoever asked is told when to ask again. */
const RETRY_AFTER_MS = 5000;

/**
 * Signs in and opens a session. Throws the refusal at once, `RwsError` `unavailable` when every attempt failed, and what is no answer
 * of RWS and no lost connection (a file of `rws.ca` that cannot be read, a fault of this program) at once and as it is.
 */
export async function attemptLogin(deps: LoginAttemptsDeps, plan: LoginPlan): Promise<Connection> {
  const candidates = plan.identities.flatMap(candidatesOf);
  const budgetMs = TOTAL_MS / candidates.length;
  let lastError: RwsError | undefined;
  const validation = once(plan.onValidated);
  for (const candidate of candidates) {
    try {
      return await attemptServer(deps, { ...plan, onValidated: validation }, { candidate, budgetMs });
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

interface Candidate {
  readonly identity: Identity;
  readonly which: DataCentre;
}

function candidatesOf(identity: Identity): readonly Candidate[] {
  const primary: Candidate = { identity, which: 'primary' };
  return identity.servers.peer === undefined ? [primary] : [primary, { identity, which: 'peer' }];
}

async function attemptServer(
  deps: LoginAttemptsDeps,
  plan: LoginPlan,
  { candidate, budgetMs }: { readonly candidate: Candidate; readonly budgetMs: number },
): Promise<Connection> {
  const { clock, random, log } = deps;
  const budget = new Budget(clock, budgetMs);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await attemptOnce(deps, plan, { candidate, budget });
    } catch (error) {
      if (!isRwsError(error)) throw error;
      log.info('login attempt failed', { which: candidate.which, attempt: attempt + 1, kind: error.kind, reason: error.statusMessage });
      const waitMs = Math.max(fullJitter(attempt, BACKOFF, random), error.retryAfterMs ?? 0);
      const isWorthIt = error.kind !== 'tls' && !isAboutTheAgent(error);
      if (!isWorthIt || attempt + 1 >= MAX_ATTEMPTS || waitMs >= budget.leftMs) throw error;
      await delay(clock, waitMs, plan.signal).catch(() => Promise.reject(new AppError('aborted', 'The login was cancelled.')));
    }
  }
}

async function attemptOnce(
  { connector, timeoutMs }: LoginAttemptsDeps,
  { signal, onValidated }: LoginPlan,
  { candidate: { identity, which }, budget }: { readonly candidate: Candidate; readonly budget: Budget },
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
